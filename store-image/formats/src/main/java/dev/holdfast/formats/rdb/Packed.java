package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.Raw;

/**
 * The blocks in which small collections are stored, and the check that one is well-formed from its
 * header to its end mark.
 */
enum Packed {
  LISTPACK("listpack") {
    @Override
    int fault(long address, int length) {
      return Listpack.fault(address, length);
    }
  },
  ZIPLIST("ziplist") {
    @Override
    int fault(long address, int length) {
      return Ziplist.fault(address, length);
    }
  },
  ZIPMAP("zipmap") {
    @Override
    int fault(long address, int length) {
      return Zipmap.fault(address, length);
    }
  },
  INTSET("intset") {
    @Override
    int fault(long address, int length) {
      if (length < 8) {
        return 0;
      }
      int width = Raw.getInt(address);
      if (width != 2 && width != 4 && width != 8) {
        return 0;
      }
      long count = Integer.toUnsignedLong(Raw.getInt(address + 4));
      return count * width == length - 8 ? -1 : 4;
    }
  };

  private final String label;

  Packed(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Position of the first byte that cannot be right, or -1 when the block is well-formed. */
  abstract int fault(long address, int length);
}
