package dev.holdfast.formats.offheap;

/** Decimal digits of whole numbers in native memory. */
public final class Decimal {
  /** Length of the longest number, {@code -9223372036854775808}. */
  public static final int MAX_LENGTH = 20;

  private Decimal() {}

  /** Writes the digits at {@code address} and returns how many bytes they take. */
  public static int put(long address, long value) {
    int length = length(value);
    long at = address + length;
    // Negative numbers reach further than positive ones, so count down from below zero.
    long rest = value < 0 ? value : -value;
    do {
      Raw.putByte(--at, (byte) ('0' - rest % 10));
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      Raw.putByte(--at, (byte) '-');
    }
    return length;
  }

  /** Number of bytes that {@link #put} writes. */
  public static int length(long value) {
    int length = value < 0 ? 2 : 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      length++;
    }
    return length;
  }
}
