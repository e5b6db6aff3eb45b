package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.ByteSink;
import dev.holdfast.formats.offheap.Crc64;
import dev.holdfast.formats.offheap.Decimal;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The elements of an RDB file, buffered; the checksum is computed over whole buffers. */
final class RdbOutput implements AutoCloseable {
  private static final int CAPACITY = 256 * 1024;

  private final ByteSink sink;
  private final boolean checksumming;
  private final NativeBuffer buffer = new NativeBuffer(CAPACITY);
  private long flushed;
  private long crc;

  RdbOutput(ByteSink sink, boolean checksumming) {
    this.sink = sink;
    this.checksumming = checksumming;
  }

  void putByte(int value) throws IOException {
    room(1);
    buffer.put((byte) value);
  }

  void putLong(long value) throws IOException {
    Raw.putLong(room(8), value);
    buffer.advance(8);
  }

  void putAscii(String text) throws IOException {
    room(text.length());
    buffer.put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void putLength(long length) throws IOException {
    long at = room(9);
    if (length < 1 << 6) {
      Raw.putByte(at, (byte) length);
      buffer.advance(1);
    } else if (length < 1 << 14) {
      Raw.putByte(at, (byte) (0x40 | length >>> 8));
      Raw.putByte(at + 1, (byte) length);
      buffer.advance(2);
    } else if (length <= 0xffffffffL) {
      Raw.putByte(at, (byte) 0x80);
      Raw.putInt(at + 1, Integer.reverseBytes((int) length));
      buffer.advance(5);
    } else {
      Raw.putByte(at, (byte) 0x81);
      Raw.putLong(at + 1, Long.reverseBytes(length));
      buffer.advance(9);
    }
  }

  /**
   * Writes the text as an integer if it is the decimal form of one of 32 bits; false when it is
   * not.
   */
  boolean putInteger(long address, int length) throws IOException {
    if (length == 0) {
      return false;
    }
    boolean negative = Raw.getByte(address) == '-';
    int at = negative ? 1 : 0;
    long value = 0;
    if (at == length) {
      return false;
    }
    for (; at < length; at++) {
      int digit = Raw.getByte(address + at) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = value * 10 + digit;
    }
    value = negative ? -value : value;
    // Leading zeros and a minus zero would not come back as they were.
    if (Decimal.length(value) != length || value != (int) value) {
      return false;
    }
    long target = room(5);
    if (value == (byte) value) {
      Raw.putByte(target, (byte) 0xc0);
      Raw.putByte(target + 1, (byte) value);
      buffer.advance(2);
    } else if (value == (short) value) {
      Raw.putByte(target, (byte) 0xc1);
      Raw.putShort(target + 1, (short) value);
      buffer.advance(3);
    } else {
      Raw.putByte(target, (byte) 0xc2);
      Raw.putInt(target + 1, (int) value);
      buffer.advance(5);
    }
    return true;
  }

  /** Small runs are buffered; large ones go to the sink as they lie. */
  void put(long address, long length) throws IOException {
    if (length <= CAPACITY / 4) {
      room((int) length);
      buffer.put(address, length);
      return;
    }
    flush();
    emit(address, length);
  }

  /** The checksum of everything before it, or 0 when there is none. */
  void putChecksum() throws IOException {
    flush();
    putLong(checksumming ? crc : 0);
  }

  void flush() throws IOException {
    if (buffer.length() > 0) {
      emit(buffer.address(), buffer.length());
      buffer.clear();
    }
  }

  long size() {
    return flushed + buffer.length();
  }

  private void emit(long address, long length) throws IOException {
    if (checksumming) {
      crc = Crc64.update(crc, address, length);
    }
    sink.write(Raw.segment(address, length));
    flushed += length;
  }

  private long room(int bytes) throws IOException {
    if (buffer.capacity() - buffer.length() < bytes) {
      flush();
    }
    return buffer.reserve(bytes);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
