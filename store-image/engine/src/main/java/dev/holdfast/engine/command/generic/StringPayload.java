package dev.holdfast.engine.command.generic;

import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Numbers;
import dev.holdfast.formats.offheap.Crc64;
import dev.holdfast.formats.rdb.Lzf;

/**
 * The serialised form of a string in {@code DUMP} and {@code RESTORE}: the type byte 0, the string
 * as in an RDB file, two bytes of RDB version and eight of CRC64, both little-endian. Written with
 * version 10, which every server since Redis 7.0 reads.
 */
record StringPayload(int length, long source, int sourceLength, Form form) {
  private static final int VERSION = 10;
  private static final int NEWEST = 12;
  private static final int FOOTER = 10;

  private enum Form {
    PLAIN,
    INT8,
    INT16,
    INT32,
    LZF
  }

  /** The most bytes that a string of this length needs. */
  static int longest(int length) {
    return length + 1 + 9 + FOOTER;
  }

  /** Writes the payload of a string and returns its length. */
  static int write(long value, int length, long target) {
    long at = target;
    Memory.putByte(at++, (byte) 0);
    long number = length <= 11 ? Numbers.parse(value, length) : Numbers.INVALID;
    if (number == (int) number) {
      at = writeInteger(at, (int) number);
    } else {
      at = writeLength(at, length);
      Memory.copy(value, at, length);
      at += length;
    }
    Memory.putShort(at, (short) VERSION);
    at += 2;
    Memory.putLong(at, Crc64.update(0, target, at - target));
    return (int) (at + 8 - target);
  }

  private static long writeInteger(long at, int number) {
    if (number == (byte) number) {
      Memory.putByte(at, (byte) 0xc0);
      Memory.putByte(at + 1, (byte) number);
      return at + 2;
    }
    if (number == (short) number) {
      Memory.putByte(at, (byte) 0xc1);
      Memory.putShort(at + 1, (short) number);
      return at + 3;
    }
    Memory.putByte(at, (byte) 0xc2);
    Memory.putInt(at + 1, number);
    return at + 5;
  }

  private static long writeLength(long at, int length) {
    if (length < 1 << 6) {
      Memory.putByte(at, (byte) length);
      return at + 1;
    }
    if (length < 1 << 14) {
      Memory.putShort(at, Short.reverseBytes((short) (0x4000 | length)));
      return at + 2;
    }
    Memory.putByte(at, (byte) 0x80);
    Memory.putInt(at + 1, Integer.reverseBytes(length));
    return at + 5;
  }

  /**
   * Reads a payload up to the point where the value's bytes are known.
   *
   * @throws Fault when version, checksum or form are wrong
   */
  static StringPayload read(long address, int size) {
    if (size < FOOTER) {
      throw wrongChecksum();
    }
    int version = Memory.getShort(address + size - FOOTER) & 0xffff;
    long checksum = Memory.getLong(address + size - 8);
    if (version > NEWEST || (checksum != 0 && checksum != Crc64.update(0, address, size - 8))) {
      throw wrongChecksum();
    }
    int end = size - FOOTER;
    if (end < 2 || Memory.getByte(address) != 0) {
      throw badFormat();
    }
    var cursor = new Cursor(address + 1, address + end);
    int first = Memory.getByte(cursor.at) & 0xff;
    StringPayload payload =
        switch (first) {
          case 0xc0 -> integer(cursor, Form.INT8, 1);
          case 0xc1 -> integer(cursor, Form.INT16, 2);
          case 0xc2 -> integer(cursor, Form.INT32, 4);
          case 0xc3 -> {
            cursor.at++;
            int compressed = cursor.length();
            int length = cursor.length();
            yield new StringPayload(length, cursor.at, compressed, Form.LZF);
          }
          default -> {
            int length = cursor.length();
            yield new StringPayload(length, cursor.at, length, Form.PLAIN);
          }
        };
    if (payload.source + payload.sourceLength != cursor.end) {
      throw badFormat();
    }
    return payload;
  }

  private static StringPayload integer(Cursor cursor, Form form, int bytes) {
    if (cursor.end - cursor.at != bytes + 1) {
      throw badFormat();
    }
    return new StringPayload(
        Numbers.length(value(form, cursor.at + 1)), cursor.at + 1, bytes, form);
  }

  private static long value(Form form, long at) {
    return switch (form) {
      case INT8 -> Memory.getByte(at);
      case INT16 -> Memory.getShort(at);
      default -> Memory.getInt(at);
    };
  }

  /** Writes the {@link #length} bytes of the value; false when it turns out to be damaged. */
  boolean copyTo(long target) {
    switch (form) {
      case PLAIN -> Memory.copy(source, target, length);
      case LZF -> {
        return Lzf.decompress(source, sourceLength, target, length);
      }
      default -> Numbers.format(value(form, source), target);
    }
    return true;
  }

  private static final class Cursor {
    private long at;
    private final long end;

    Cursor(long at, long end) {
      this.at = at;
      this.end = end;
    }

    int length() {
      if (at >= end) {
        throw badFormat();
      }
      int first = Memory.getByte(at) & 0xff;
      int bytes = first < 0x40 ? 1 : first < 0x80 ? 2 : first == 0x80 ? 5 : 0;
      if (bytes == 0 || end - at < bytes) {
        throw badFormat();
      }
      int length =
          switch (bytes) {
            case 1 -> first;
            case 2 -> Short.reverseBytes(Memory.getShort(at)) & 0x3fff;
            default -> Integer.reverseBytes(Memory.getInt(at + 1));
          };
      at += bytes;
      if (length < 0 || length > Integer.MAX_VALUE - 64) {
        throw badFormat();
      }
      return length;
    }
  }

  private static Fault wrongChecksum() {
    return new Fault("ERR DUMP payload version or checksum are wrong");
  }

  private static Fault badFormat() {
    return new Fault("ERR Bad data format");
  }
}
