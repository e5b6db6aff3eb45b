package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Numbers;

/** A length in a request, in the strict form of {@link Numbers}. */
final class StrictNumber {
  /** No length: below every number that a request may hold. */
  static final long INVALID = Long.MIN_VALUE;

  private StrictNumber() {}

  static long parse(long from, long to) {
    long length = to - from;
    if (length < 1 || length > Numbers.MAX_LENGTH) {
      return INVALID;
    }
    long value = Numbers.parse(from, (int) length);
    return value == Numbers.INVALID && !Numbers.isLong(from, (int) length) ? INVALID : value;
  }
}
