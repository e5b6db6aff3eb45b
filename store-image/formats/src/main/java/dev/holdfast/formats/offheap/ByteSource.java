package dev.holdfast.formats.offheap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/**
 * A window over a channel, in native memory: the readers look at the bytes where the channel put
 * them.
 *
 * <p>The window grows only when it is full of bytes that were really read and more are needed, so a
 * length that lies costs no memory beyond twice the input. It can keep the CRC64 of everything that
 * was consumed, computed over long runs.
 *
 * <p>One thread at a time. Addresses are valid until the next call that may read: {@link #require},
 * {@link #fill}, {@link #skip}, {@link #drop}.
 */
public final class ByteSource implements AutoCloseable {
  private static final int DEFAULT_CAPACITY = 256 * 1024;
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 64;

  private final ReadableByteChannel channel;
  private ByteBuffer buffer;
  private long base;
  private int capacity;
  private int position;
  private int limit;
  private long baseOffset;
  private boolean ended;
  private boolean checksumming;
  private long checksum;
  private int checksummed;
  private CRC32C tap;

  /** Up to where the window's bytes are in the tap; beyond the position where some were dropped. */
  private int tapped;

  /**
   * Reads from the channel's current position, which counts as offset 0. Does not close the
   * channel.
   */
  public ByteSource(ReadableByteChannel channel) {
    this(channel, 0, DEFAULT_CAPACITY);
  }

  /**
   * @param offset what {@link #offset()} starts with: the channel's position in the file
   * @param capacity first size of the window in bytes
   */
  public ByteSource(ReadableByteChannel channel, long offset, int capacity) {
    this.channel = channel;
    this.baseOffset = offset;
    allocate(Math.max(64, capacity));
  }

  /** Bytes that can be looked at now without reading. */
  public int available() {
    return limit - position;
  }

  /** Native address of the next byte. */
  public long address() {
    return base + position;
  }

  /** Offset of the next byte in the file. */
  public long offset() {
    return baseOffset + position;
  }

  /** Reads until {@code bytes} are available; false when the input ends before. */
  public boolean require(int bytes) throws IOException {
    while (limit - position < bytes) {
      if (!fill()) {
        return false;
      }
    }
    return true;
  }

  /** Reads more into the window, at least one byte; false at the end of the input. */
  public boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    if (limit == capacity) {
      makeRoom();
    }
    buffer.limit(capacity).position(limit);
    int read;
    do {
      read = channel.read(buffer);
    } while (read == 0);
    if (read < 0) {
      ended = true;
      return false;
    }
    limit += read;
    return true;
  }

  /** Consumes bytes that are available. */
  public void advance(int bytes) {
    if (bytes < 0 || bytes > limit - position) {
      throw new IllegalArgumentException("advance by " + bytes + " of " + available());
    }
    position += bytes;
  }

  /** Consumes up to {@code bytes}; returns how many there were. */
  public long skip(long bytes) throws IOException {
    long left = bytes;
    while (left > 0) {
      if (position == limit && !fill()) {
        break;
      }
      int step = (int) Math.min(left, limit - position);
      position += step;
      left -= step;
    }
    return bytes - left;
  }

  /**
   * Takes {@code bytes} out of the stream, starting {@code from} bytes after the next one; what
   * lies before stays in the window. Returns how many there were. Not while a checksum is kept.
   */
  public long drop(int from, long bytes) throws IOException {
    if (checksumming) {
      throw new IllegalStateException("drop would tear the checksum");
    }
    long left = bytes;
    while (left > 0) {
      if (limit - position <= from && !fill()) {
        break;
      }
      int step = (int) Math.min(left, limit - position - from);
      int hole = position + from;
      if (tap != null) {
        tapUpTo(hole + step);
        tapped = hole;
      }
      Raw.copy(base + hole + step, base + hole, limit - hole - step);
      limit -= step;
      baseOffset += step;
      left -= step;
    }
    return bytes - left;
  }

  /** Starts the CRC64 with the next byte. */
  public void startChecksum() {
    checksumming = true;
    checksum = 0;
    checksummed = position;
  }

  /** The CRC64 of all bytes consumed since {@link #startChecksum}. */
  public long checksum() {
    settleChecksum();
    return checksum;
  }

  /** No longer computes a checksum. */
  public void stopChecksum() {
    checksumming = false;
  }

  /**
   * From the next byte on, adds all bytes to this CRC, those that are dropped included, over long
   * runs: {@link #settleTap} brings it up to date.
   */
  public void tap(CRC32C crc) {
    tap = crc;
    tapped = position;
  }

  /** Adds what is missing in the tap, up to {@code ahead} bytes after the next one. */
  public void settleTap(int ahead) {
    tapUpTo(position + ahead);
  }

  /** The tap goes on {@code ahead} bytes after the next one, without what lies before. */
  public void moveTap(int ahead) {
    tapped = position + ahead;
  }

  private void tapUpTo(int index) {
    if (tapped < index) {
      tap.update(buffer.limit(index).position(tapped));
      tapped = index;
    }
  }

  private void settleChecksum() {
    checksum = Crc64.update(checksum, base + checksummed, position - checksummed);
    checksummed = position;
  }

  private void makeRoom() throws IOException {
    if (checksumming) {
      settleChecksum();
    }
    if (tap != null) {
      tapUpTo(position);
      tapped -= position;
    }
    int kept = limit - position;
    if (kept > capacity / 2) {
      if (capacity == MAX_CAPACITY) {
        throw new IOException(
            "an item at offset " + offset() + " is larger than " + MAX_CAPACITY + " bytes");
      }
      long old = base;
      allocate((int) Math.min(MAX_CAPACITY, capacity * 2L));
      Raw.copy(old + position, base, kept);
      NativeMemory.free(old);
    } else {
      Raw.copy(base + position, base, kept);
    }
    baseOffset += position;
    position = 0;
    checksummed = 0;
    limit = kept;
  }

  private void allocate(int size) {
    base = NativeMemory.allocate(size);
    buffer = Raw.segment(base, size).asByteBuffer();
    capacity = size;
  }

  /** Frees the window. The channel stays open: it belongs to who opened it. */
  @Override
  public void close() {
    NativeMemory.free(base);
    base = 0;
  }
}
