package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.Raw;

/**
 * Checks a zipmap, how Redis 2.4 stored small hashes: count (254: unknown), then for each field its
 * length, the field, the value's length, a number of unused bytes, the value, the unused bytes;
 * then {@code 0xff}. A length is one byte, or 254 and {@code u32}.
 */
final class Zipmap {
  private static final int END = 0xff;
  private static final int LONG_LENGTH = 254;
  private static final int COUNT_UNKNOWN = 254;

  private final long address;
  private final int last;
  private long at = 1;

  private Zipmap(long address, int length) {
    this.address = address;
    this.last = length - 1;
  }

  /** Position of the first byte that cannot be right, or -1. */
  static int fault(long address, int length) {
    return length < 2 ? 0 : new Zipmap(address, length).walk();
  }

  private int walk() {
    int count = 0;
    while (at < last) {
      int start = (int) at;
      if (!string(0) || at >= last || !string(1)) {
        return start;
      }
      count++;
    }
    if (Raw.unsigned(address + last) != END) {
      return last;
    }
    int stated = Raw.unsigned(address);
    return stated >= COUNT_UNKNOWN || stated == count ? -1 : 0;
  }

  /**
   * Passes a length, {@code extra} bytes that say how many are unused, and the bytes; false when
   * they do not fit.
   */
  private boolean string(int extra) {
    int first = Raw.unsigned(address + at);
    if (first == END) {
      return false;
    }
    int prefix = first < LONG_LENGTH ? 1 : 5;
    if (at + prefix + extra > last) {
      return false;
    }
    long length = prefix == 1 ? first : Integer.toUnsignedLong(Raw.getInt(address + at + 1));
    int unused = extra == 0 ? 0 : Raw.unsigned(address + at + prefix);
    at += prefix + extra + length + unused;
    return at <= last;
  }
}
