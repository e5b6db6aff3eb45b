package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.Raw;

/**
 * Checks a listpack: {@code u32} bytes, {@code u16} count (65535: unknown), entries, {@code 0xff}.
 * An entry is an encoding byte, its data, and its own length in big-endian groups of 7 bits, so
 * that it can be walked backwards.
 */
final class Listpack {
  private static final int HEADER = 6;
  private static final int END = 0xff;
  private static final int COUNT_UNKNOWN = 0xffff;

  private Listpack() {}

  /** Position of the first byte that cannot be right, or -1. */
  static int fault(long address, int length) {
    if (length < HEADER + 1 || Raw.getInt(address) != length) {
      return 0;
    }
    int last = length - 1;
    int at = HEADER;
    int count = 0;
    while (at < last) {
      long size = entrySize(address + at, last - at);
      if (size <= 0 || size > last - at) {
        return at;
      }
      int backward = backwardSize(size);
      if (backward > last - at - size || !backwardMatches(address + at + size, backward, size)) {
        return at;
      }
      at += (int) size + backward;
      count++;
    }
    if (Raw.unsigned(address + last) != END) {
      return last;
    }
    int stated = Raw.getShort(address + 4) & 0xffff;
    return stated == COUNT_UNKNOWN || stated == count ? -1 : 4;
  }

  /** Encoding byte and data; 0 when it does not fit into what is left or is no encoding. */
  private static long entrySize(long address, int left) {
    int first = Raw.unsigned(address);
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xc0) {
      return 1L + (first & 0x3f);
    }
    if (first < 0xe0) {
      return 2;
    }
    if (first < 0xf0) {
      return left < 2 ? 0 : 2L + ((first & 0x0f) << 8 | Raw.unsigned(address + 1));
    }
    return switch (first) {
      case 0xf0 -> left < 5 ? 0 : 5 + Integer.toUnsignedLong(Raw.getInt(address + 1));
      case 0xf1 -> 3;
      case 0xf2 -> 4;
      case 0xf3 -> 5;
      case 0xf4 -> 9;
      default -> 0;
    };
  }

  private static int backwardSize(long size) {
    if (size <= 127) {
      return 1;
    }
    if (size < 16_383) {
      return 2;
    }
    if (size < 2_097_151) {
      return 3;
    }
    return size < 268_435_455 ? 4 : 5;
  }

  private static boolean backwardMatches(long address, int bytes, long size) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      int b = Raw.unsigned(address + i);
      boolean marked = (b & 0x80) != 0;
      if (marked != (i > 0)) {
        return false;
      }
      value = value << 7 | b & 0x7f;
    }
    return value == size;
  }
}
