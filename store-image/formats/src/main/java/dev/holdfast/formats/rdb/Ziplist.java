package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.Raw;

/**
 * Checks a ziplist, the listpack's forerunner: {@code u32} bytes, {@code u32} offset of the last
 * entry, {@code u16} count (65535: unknown), entries, {@code 0xff}. An entry starts with the length
 * of the one before it: one byte, or 254 and {@code u32}.
 */
final class Ziplist {
  private static final int HEADER = 10;
  private static final int END = 0xff;
  private static final int LONG_LENGTH = 254;
  private static final int COUNT_UNKNOWN = 0xffff;

  private Ziplist() {}

  /** Position of the first byte that cannot be right, or -1. */
  static int fault(long address, int length) {
    if (length < HEADER + 1 || Raw.getInt(address) != length) {
      return 0;
    }
    int last = length - 1;
    int at = HEADER;
    int lastEntry = HEADER;
    long before = 0;
    int count = 0;
    while (at < last) {
      int left = last - at;
      int first = Raw.unsigned(address + at);
      int prefix = first < LONG_LENGTH ? 1 : 5;
      if (first == END || left < prefix + 1) {
        return at;
      }
      long stated = prefix == 1 ? first : Integer.toUnsignedLong(Raw.getInt(address + at + 1));
      if (stated != before) {
        return at;
      }
      long size = entrySize(address + at + prefix, left - prefix);
      if (size <= 0 || size > left - prefix) {
        return at + prefix;
      }
      lastEntry = at;
      before = prefix + size;
      at += (int) before;
      count++;
    }
    if (Raw.unsigned(address + last) != END) {
      return last;
    }
    if (Raw.getInt(address + 4) != lastEntry) {
      return 4;
    }
    int statedCount = Raw.getShort(address + 8) & 0xffff;
    return statedCount == COUNT_UNKNOWN || statedCount == count ? -1 : 8;
  }

  private static long entrySize(long address, int left) {
    int first = Raw.unsigned(address);
    return switch (first >>> 6) {
      case 0 -> 1L + first;
      case 1 -> left < 2 ? 0 : 2L + ((first & 0x3f) << 8 | Raw.unsigned(address + 1));
      case 2 ->
          left < 5 ? 0 : 5 + Integer.toUnsignedLong(Integer.reverseBytes(Raw.getInt(address + 1)));
      default -> integerSize(first);
    };
  }

  private static int integerSize(int encoding) {
    return switch (encoding) {
      case 0xc0 -> 3;
      case 0xd0 -> 5;
      case 0xe0 -> 9;
      case 0xf0 -> 4;
      case 0xfe -> 2;
      // Small numbers are part of the encoding byte.
      default -> encoding >= 0xf1 && encoding <= 0xfd ? 1 : 0;
    };
  }
}
