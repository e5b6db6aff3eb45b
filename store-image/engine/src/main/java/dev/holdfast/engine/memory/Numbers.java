package dev.holdfast.engine.memory;

/**
 * Integers as text, in the strict form that the protocol, counters and expiry times use: an
 * optional minus sign, then digits without leading zeros, in the range of a signed 64-bit integer.
 * No spaces, no plus sign, no "-0".
 */
public final class Numbers {
  /**
   * What {@link #parse} returns for text that is no integer. It is also the value of one text, so a
   * caller that meets it asks {@link #isLong}:
   *
   * <pre>{@code
   * long n = Numbers.parse(address, length);
   * if (n == Numbers.INVALID && !Numbers.isLong(address, length)) { … }
   * }</pre>
   */
  public static final long INVALID = 0x8a5f_d1c3_9b27_64e1L;

  /** Bytes that the longest integer takes. */
  public static final int MAX_LENGTH = 20;

  private static final int MAX_DIGITS = 19;

  private Numbers() {}

  /** The integer, or {@link #INVALID}. */
  public static long parse(long address, int length) {
    if (length == 0 || length > MAX_LENGTH) {
      return INVALID;
    }
    boolean negative = Memory.getByte(address) == '-';
    int at = negative ? 1 : 0;
    int digits = length - at;
    if (digits == 0 || digits > MAX_DIGITS) {
      return INVALID;
    }
    if (Memory.getByte(address + at) == '0') {
      return length == 1 ? 0 : INVALID;
    }
    long value = 0;
    for (; at < length; at++) {
      int digit = Memory.getByte(address + at) - '0';
      if (digit < 0 || digit > 9) {
        return INVALID;
      }
      value = value * 10 + digit;
    }
    // Nineteen digits overflow at most once, and then only into the negative:
    // 9,999,999,999,999,999,999 is less than 2^64.
    if (value < 0 && !(negative && value == Long.MIN_VALUE)) {
      return INVALID;
    }
    return negative ? -value : value;
  }

  /** Whether {@link #parse} accepts the text. */
  public static boolean isLong(long address, int length) {
    long value = parse(address, length);
    return value != INVALID || isTextOfInvalid(address, length);
  }

  /**
   * Writes the shortest decimal form and returns its length; needs up to {@link #MAX_LENGTH} bytes.
   */
  public static int format(long value, long address) {
    int length = length(value);
    long at = address + length;
    // Works with the negative of the value: the smallest integer has no positive counterpart.
    long rest = value < 0 ? value : -value;
    do {
      long quotient = rest / 10;
      at--;
      Memory.putByte(at, (byte) ('0' + (quotient * 10 - rest)));
      rest = quotient;
    } while (rest != 0);
    if (value < 0) {
      Memory.putByte(address, (byte) '-');
    }
    return length;
  }

  /** The number of bytes {@link #format} writes. */
  public static int length(long value) {
    long rest = value < 0 ? value : -value;
    int length = value < 0 ? 2 : 1;
    while (rest <= -10) {
      rest /= 10;
      length++;
    }
    return length;
  }

  private static boolean isTextOfInvalid(long address, int length) {
    String text = Long.toString(INVALID);
    if (length != text.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Memory.getByte(address + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
