package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;

/**
 * Bytes of one client that could not be executed yet: the beginning of a request, or requests that
 * have to wait. Empty most of the time, and then it holds no memory.
 *
 * <p>It doubles, but for a request whose length is known it grows no further than that length, so
 * that a value of 512 MB takes 512 MB, and one that was only announced takes little.
 */
public final class QueryBuffer {
  private final BufferPool pool;
  private long block;
  private long blockSize;
  private long start;
  private long end;

  public QueryBuffer(BufferPool pool) {
    this.pool = pool;
  }

  /** Bytes that wait. */
  public long length() {
    return end - start;
  }

  public boolean isEmpty() {
    return end == start;
  }

  /** Address of the first byte that waits. */
  public long address() {
    return block + start;
  }

  /** Address behind the last byte. */
  public long end() {
    return block + end;
  }

  /** Memory in use. */
  public long memory() {
    return blockSize;
  }

  /** Bytes that fit behind the last one. */
  public long room() {
    return blockSize - end;
  }

  /**
   * Makes room for at least one more byte.
   *
   * @param expected bytes that the request at the start takes at least, as far as it is known
   */
  public void grow(long expected) {
    if (start > 0 && start >= blockSize / 2) {
      Memory.copy(block + start, block, end - start);
      end -= start;
      start = 0;
    }
    if (room() == 0 || (room() < BufferPool.MEDIUM / 2 && start + expected > blockSize)) {
      long doubled = Math.max(BufferPool.MEDIUM, 2 * blockSize);
      boolean known = expected > length() && doubled > BufferPool.LARGE;
      resize(known ? Math.min(doubled, start + expected) : doubled);
    }
  }

  private void resize(long bytes) {
    block = block == 0 ? pool.allocate(bytes) : pool.reallocate(block, blockSize, bytes);
    blockSize = BufferPool.blockSize(bytes);
  }

  /** So many bytes were written at {@link #end()}. */
  public void filled(long bytes) {
    end += bytes;
  }

  /** Copies bytes behind the last one. */
  public void append(long address, long length) {
    if (room() < length) {
      resize(end + length);
    }
    Memory.copy(address, block + end, length);
    end += length;
  }

  /** The first bytes are no longer needed. */
  public void consumed(long bytes) {
    start += bytes;
    if (start == end) {
      clear();
    }
  }

  /** Gives the memory back. */
  public void clear() {
    if (block != 0) {
      pool.free(block, blockSize);
    }
    block = 0;
    blockSize = 0;
    start = 0;
    end = 0;
  }
}
