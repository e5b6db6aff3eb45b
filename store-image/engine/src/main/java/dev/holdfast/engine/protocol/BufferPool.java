package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.memory.Pages;

/**
 * Native memory for requests and replies, in a few sizes that are kept for reuse, newest first so
 * that they are still in the cache. Blocks of other sizes are pages that go back to the system at
 * once, so that a large value leaves nothing behind.
 *
 * <p>The command thread owns it.
 */
public final class BufferPool implements AutoCloseable {
  static final int SMALL = 2 << 10;
  static final int MEDIUM = 16 << 10;
  static final int LARGE = 128 << 10;

  /** A larger reply is a chain of blocks of this size, so that they are freed while it is sent. */
  static final int HUGE = 1 << 20;

  private static final int[] SIZES = {SMALL, MEDIUM, LARGE, HUGE};
  private static final int OTHER = -1;
  private static final long KEPT_BYTES_PER_SIZE = 2 << 20;

  private final long[][] kept = new long[SIZES.length][];
  private final int[] keptCount = new int[SIZES.length];
  private long usedBytes;

  public BufferPool() {
    for (int i = 0; i < SIZES.length; i++) {
      kept[i] = new long[(int) (KEPT_BYTES_PER_SIZE / SIZES[i])];
    }
  }

  /** The size that a block for so many bytes has. */
  static long blockSize(long bytes) {
    int size = sizeClass(bytes);
    return size == OTHER ? Pages.round(bytes) : SIZES[size];
  }

  /** A block of {@link #blockSize}. */
  long allocate(long bytes) {
    int size = sizeClass(bytes);
    long blockSize = blockSize(bytes);
    usedBytes += blockSize;
    if (size == OTHER) {
      return Pages.map(blockSize);
    }
    if (keptCount[size] > 0) {
      return kept[size][--keptCount[size]];
    }
    return blockSize == HUGE ? Pages.map(blockSize) : NativeHeap.allocate(blockSize);
  }

  void free(long address, long blockSize) {
    usedBytes -= blockSize;
    int size = sizeClass(blockSize);
    if (size != OTHER && keptCount[size] < kept[size].length) {
      kept[size][keptCount[size]++] = address;
    } else {
      release(address, blockSize);
    }
  }

  private static void release(long address, long blockSize) {
    if (blockSize > LARGE) {
      Pages.unmap(address, blockSize);
    } else {
      NativeHeap.free(address);
    }
  }

  /**
   * A block with the old content and another size; large ones are moved by the system, not copied.
   */
  long reallocate(long address, long oldBlockSize, long newBytes) {
    long newBlockSize = blockSize(newBytes);
    if (sizeClass(oldBlockSize) == OTHER && sizeClass(newBlockSize) == OTHER) {
      usedBytes += newBlockSize - oldBlockSize;
      return Pages.remap(address, oldBlockSize, newBlockSize);
    }
    long moved = allocate(newBytes);
    Memory.copy(address, moved, Math.min(oldBlockSize, newBlockSize));
    free(address, oldBlockSize);
    return moved;
  }

  private static int sizeClass(long bytes) {
    if (bytes <= LARGE) {
      return bytes <= SMALL ? 0 : bytes <= MEDIUM ? 1 : 2;
    }
    return bytes == HUGE ? 3 : OTHER;
  }

  /** Bytes in use now, whole blocks. */
  public long usedBytes() {
    return usedBytes;
  }

  /** Gives the kept blocks back. Blocks in use stay valid. */
  @Override
  public void close() {
    for (int i = 0; i < SIZES.length; i++) {
      while (keptCount[i] > 0) {
        release(kept[i][--keptCount[i]], SIZES[i]);
      }
    }
  }
}
