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

  private Numbers() {}

  /** The integer, or {@link #INVALID}. */
  public static long parse(long address, int length) {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #parse} accepts the text. */
  public static boolean isLong(long address, int length) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes the shortest decimal form and returns its length; needs up to {@link #MAX_LENGTH} bytes.
   */
  public static int format(long value, long address) {
    throw new UnsupportedOperationException();
  }

  /** The number of bytes {@link #format} writes. */
  public static int length(long value) {
    throw new UnsupportedOperationException();
  }
}
