package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;

/**
 * Native memory for requests and replies, in a few sizes that are kept for reuse, newest first so
 * that they are still in the cache. Larger blocks come from the C library and go back at once.
 *
 * <p>The command thread owns it.
 */
public final class BufferPool implements AutoCloseable {
  static final int SMALL = 2 << 10;
  static final int MEDIUM = 16 << 10;
  static final int LARGE = 128 << 10;

  /** A larger reply is a chain of blocks of this size, so that they are freed while it is sent. */
  static final int HUGE = 1 << 20;

  private static final int[] SIZES = {SMALL, MEDIUM, LARGE};

  private static final long KEPT_BYTES_PER_SIZE = 2 << 20;

  private final long[][] kept = new long[SIZES.length][];
  private final int[] keptCount = new int[SIZES.length];
  private long usedBytes;

  public BufferPool() {
    for (int i = 0; i < SIZES.length; i++) {
      kept[i] = new long[(int) (KEPT_BYTES_PER_SIZE / SIZES[i])];
    }
  }

  /** The size a block for that many bytes has. */
  static long blockSize(long bytes) {
    int size = sizeClass(bytes);
    return size < 0 ? bytes : SIZES[size];
  }

  /** A block of {@link #blockSize}. */
  long allocate(long bytes) {
    int size = sizeClass(bytes);
    if (size < 0) {
      long address = NativeHeap.allocate(bytes);
      usedBytes += bytes;
      return address;
    }
    usedBytes += SIZES[size];
    return keptCount[size] > 0 ? kept[size][--keptCount[size]] : NativeHeap.allocate(SIZES[size]);
  }

  void free(long address, long blockSize) {
    usedBytes -= blockSize;
    int size = sizeClass(blockSize);
    if (size >= 0 && keptCount[size] < kept[size].length) {
      kept[size][keptCount[size]++] = address;
    } else {
      NativeHeap.free(address);
    }
  }

  /**
   * A block with the old content and another size; large ones are moved by the kernel, not copied.
   */
  long reallocate(long address, long oldBlockSize, long newBytes) {
    if (sizeClass(oldBlockSize) < 0 && sizeClass(newBytes) < 0) {
      long moved = NativeHeap.reallocate(address, newBytes);
      usedBytes += newBytes - oldBlockSize;
      return moved;
    }
    long moved = allocate(newBytes);
    Memory.copy(address, moved, Math.min(oldBlockSize, blockSize(newBytes)));
    free(address, oldBlockSize);
    return moved;
  }

  private static int sizeClass(long bytes) {
    return bytes <= SMALL ? 0 : bytes <= MEDIUM ? 1 : bytes <= LARGE ? 2 : -1;
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
        NativeHeap.free(kept[i][--keptCount[i]]);
      }
    }
  }
}
