package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;

/** Passes by values of all types but string, with every length and every packed block checked. */
final class RdbValues {
  private static final int MODULE_EOF = 0;
  private static final int MODULE_SIGNED = 1;
  private static final int MODULE_UNSIGNED = 2;
  private static final int MODULE_FLOAT = 3;
  private static final int MODULE_DOUBLE = 4;
  private static final int MODULE_STRING = 5;

  private static final int NODE_PLAIN = 1;
  private static final int NODE_PACKED = 2;

  private final RdbInput input;
  private final NativeBuffer scratch;
  private final boolean valkey;

  RdbValues(RdbInput input, NativeBuffer scratch, boolean valkey) {
    this.input = input;
    this.scratch = scratch;
    this.valkey = valkey;
  }

  boolean knows(int type) {
    int last = valkey ? RdbTypes.HASH_EXPIRY_22 : RdbTypes.HASH_LISTPACK_EXPIRY;
    return type <= last && type != 6 && type != 8;
  }

  void skip(int type) throws IOException {
    switch (type) {
      case RdbTypes.LIST, RdbTypes.SET -> strings(input.readLength("a number of elements"));
      case RdbTypes.HASH -> strings(pairs());
      case RdbTypes.ZSET -> oldSortedSet();
      case RdbTypes.ZSET_2 -> sortedSet();
      case RdbTypes.MODULE_2 -> {
        input.readAnyLength("a module id");
        module();
      }
      case RdbTypes.HASH_ZIPMAP -> packed(Packed.ZIPMAP);
      case RdbTypes.LIST_ZIPLIST, RdbTypes.ZSET_ZIPLIST, RdbTypes.HASH_ZIPLIST ->
          packed(Packed.ZIPLIST);
      case RdbTypes.SET_INTSET -> packed(Packed.INTSET);
      case RdbTypes.SET_LISTPACK, RdbTypes.ZSET_LISTPACK, RdbTypes.HASH_LISTPACK ->
          packed(Packed.LISTPACK);
      case RdbTypes.LIST_QUICKLIST -> {
        for (long left = input.readLength("a number of nodes"); left > 0; left--) {
          packed(Packed.ZIPLIST);
        }
      }
      case RdbTypes.LIST_QUICKLIST_2 -> quicklist();
      case RdbTypes.STREAM_LISTPACKS -> stream(1);
      case RdbTypes.STREAM_LISTPACKS_2 -> stream(2);
      case RdbTypes.STREAM_LISTPACKS_3 -> stream(3);
      case RdbTypes.HASH_EXPIRY_22 -> {
        if (valkey) {
          valkeyHash();
        } else {
          hashWithExpiry();
        }
      }
      case RdbTypes.HASH_LISTPACK_EXPIRY_23 -> packed(Packed.LISTPACK);
      case RdbTypes.HASH_EXPIRY -> {
        input.readLong("the earliest field expiry");
        hashWithExpiry();
      }
      case RdbTypes.HASH_LISTPACK_EXPIRY -> {
        input.readLong("the earliest field expiry");
        packed(Packed.LISTPACK);
      }
      default -> throw new IllegalArgumentException("type " + type);
    }
  }

  /** Passes by data that belongs to a module as a whole; returns the module's id. */
  long skipModuleAux() throws IOException {
    long id = input.readAnyLength("a module id");
    long start = input.offset();
    long opcode = input.readLength("when to load module data");
    if (opcode != MODULE_UNSIGNED) {
      throw RdbException.damaged(start, "when to load module data", "module opcode " + opcode);
    }
    input.readAnyLength("when to load module data");
    module();
    return id;
  }

  private void module() throws IOException {
    while (true) {
      long start = input.offset();
      long opcode = input.readLength("a module opcode");
      switch ((int) Math.min(opcode, Integer.MAX_VALUE)) {
        case MODULE_EOF -> {
          return;
        }
        case MODULE_SIGNED, MODULE_UNSIGNED -> input.readAnyLength("a module number");
        case MODULE_FLOAT -> input.skip(4, "a module float");
        case MODULE_DOUBLE -> input.skip(8, "a module double");
        case MODULE_STRING -> input.skipString("a module string");
        default -> throw RdbException.damaged(start, "a module opcode from 0 to 5", "" + opcode);
      }
    }
  }

  private long pairs() throws IOException {
    long start = input.offset();
    long pairs = input.readLength("a number of pairs");
    if (pairs > Long.MAX_VALUE / 2) {
      throw RdbException.damaged(start, "a number of pairs", "" + pairs);
    }
    return pairs * 2;
  }

  private void strings(long count) throws IOException {
    for (long left = count; left > 0; left--) {
      input.skipString("an element");
    }
  }

  private void oldSortedSet() throws IOException {
    for (long left = input.readLength("a number of members"); left > 0; left--) {
      input.skipString("a member");
      int length = input.readByte("a score");
      // 253, 254 and 255 are not-a-number and the infinities, without digits.
      if (length < 253) {
        input.skip(length, "a score");
      }
    }
  }

  private void sortedSet() throws IOException {
    for (long left = input.readLength("a number of members"); left > 0; left--) {
      input.skipString("a member");
      input.skip(8, "a score");
    }
  }

  private void hashWithExpiry() throws IOException {
    for (long left = input.readLength("a number of fields"); left > 0; left--) {
      input.readAnyLength("a field expiry");
      input.skipString("a field");
      input.skipString("a field's value");
    }
  }

  private void valkeyHash() throws IOException {
    for (long left = input.readLength("a number of fields"); left > 0; left--) {
      input.skipString("a field");
      input.skipString("a field's value");
      input.skip(8, "a field expiry");
    }
  }

  private void quicklist() throws IOException {
    for (long left = input.readLength("a number of nodes"); left > 0; left--) {
      long start = input.offset();
      long container = input.readLength("a node's container");
      if (container == NODE_PLAIN) {
        input.skipString("a plain node");
      } else if (container == NODE_PACKED) {
        packed(Packed.LISTPACK);
      } else {
        throw RdbException.damaged(start, "container 1 or 2", "" + container);
      }
    }
  }

  private void stream(int version) throws IOException {
    for (long left = input.readLength("a number of stream blocks"); left > 0; left--) {
      long start = input.offset();
      long length = input.skipString("a stream id");
      if (length != 16) {
        throw RdbException.damaged(start, "a stream id of 16 bytes", length + " bytes");
      }
      packed(Packed.LISTPACK);
    }
    int numbers = version == 1 ? 3 : 8;
    for (int i = 0; i < numbers; i++) {
      input.readAnyLength("a stream's length or id");
    }
    for (long left = input.readLength("a number of groups"); left > 0; left--) {
      group(version);
    }
  }

  private void group(int version) throws IOException {
    input.skipString("a group's name");
    input.readAnyLength("a group's last id");
    input.readAnyLength("a group's last id");
    if (version >= 2) {
      input.readAnyLength("a group's entries read");
    }
    for (long left = input.readLength("a number of pending entries"); left > 0; left--) {
      input.skip(16 + 8, "a pending entry");
      input.readLength("a delivery count");
    }
    for (long left = input.readLength("a number of consumers"); left > 0; left--) {
      input.skipString("a consumer's name");
      input.skip(version >= 3 ? 16 : 8, "a consumer's times");
      for (long ids = input.readLength("a number of pending entries"); ids > 0; ids--) {
        input.skip(16, "a pending entry's id");
      }
    }
  }

  private void packed(Packed kind) throws IOException {
    long start = input.offset();
    input.readString(scratch, "a " + kind.label());
    int fault = kind.fault(input.stringAddress(), input.stringLength());
    if (fault >= 0) {
      throw RdbException.damaged(
          start,
          "a well-formed " + kind.label(),
          "damage at byte %d of its %d".formatted(fault, input.stringLength()));
    }
  }
}
