package dev.holdfast.formats.offheap;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Native memory that grows as bytes are appended. One thread at a time; addresses move when it
 * grows.
 */
public final class NativeBuffer implements AutoCloseable {
  /** Most bytes that one byte buffer shows. */
  private static final long VIEW = 1 << 30;

  private ByteBuffer view;
  private long address;
  private long capacity;
  private long length;

  public NativeBuffer(long initialCapacity) {
    allocate(Math.max(64, initialCapacity));
  }

  /** Address of the first byte; valid until the next append. */
  public long address() {
    return address;
  }

  public long length() {
    return length;
  }

  public long capacity() {
    return capacity;
  }

  /** The bytes written so far; valid until the next append. */
  public MemorySegment segment() {
    return Raw.segment(address, length);
  }

  /** Forgets the content and keeps the memory. */
  public void clear() {
    length = 0;
  }

  /** Forgets what was appended after the first {@code newLength} bytes. */
  public void truncate(long newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException("truncate to " + newLength + " of " + length + " bytes");
    }
    length = newLength;
  }

  /**
   * Makes room for {@code bytes} more and returns the address at which they go. What is written
   * there counts after {@link #advance}.
   */
  public long reserve(long bytes) {
    long needed = Math.addExact(length, bytes);
    if (needed > capacity) {
      grow(needed);
    }
    return address + length;
  }

  public void advance(long bytes) {
    length += bytes;
  }

  public void put(byte value) {
    Raw.putByte(reserve(1), value);
    length++;
  }

  public void put(long from, long bytes) {
    Raw.copy(from, reserve(bytes), bytes);
    length += bytes;
  }

  public void put(byte[] bytes) {
    Raw.copyFrom(bytes, 0, reserve(bytes.length), bytes.length);
    length += bytes.length;
  }

  public void putAscii(String text) {
    put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Appends the number in decimal digits. */
  public void putDecimal(long value) {
    length += Decimal.put(reserve(Decimal.MAX_LENGTH), value);
  }

  /** Adds the bytes from {@code from} to {@code to} to the CRC. */
  public void checksum(CRC32C crc, long from, long to) {
    if (to <= VIEW) {
      crc.update(view.limit((int) to).position((int) from));
      return;
    }
    for (long at = from; at < to; at += VIEW) {
      crc.update(Raw.segment(address + at, Math.min(VIEW, to - at)).asByteBuffer());
    }
  }

  private void allocate(long bytes) {
    address = NativeMemory.allocate(bytes);
    view = Raw.segment(address, Math.min(VIEW, bytes)).asByteBuffer();
    capacity = bytes;
  }

  private void grow(long needed) {
    long old = address;
    allocate(Math.max(needed, capacity * 2));
    Raw.copy(old, address, length);
    NativeMemory.free(old);
  }

  @Override
  public void close() {
    NativeMemory.free(address);
    address = 0;
  }
}
