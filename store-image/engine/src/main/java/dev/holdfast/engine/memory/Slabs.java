package dev.holdfast.engine.memory;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Allocator for the command thread's data: many small blocks, no per-block overhead, honest
 * accounting.
 *
 * <p>Blocks of one {@linkplain SizeClasses size class} come from slabs of 2 MiB that are aligned to
 * their size, so that the slab of a block is found by masking its address and nothing has to be
 * stored beside a block. A slab hands out a block that was freed before (they are chained through
 * their first eight bytes) or the next one that was never used, so memory that is not needed is not
 * touched. Slabs with room are in a list per class; an empty slab goes to the next class that needs
 * one, and more than a few of them go back to the system, one by one, by {@link #reclaimStep}. The
 * price is up to one partly filled slab per size in use, and slabs that stay because of a few
 * survivors; the keyspace may move records to empty them.
 *
 * <p>Blocks above {@link #LARGEST} come from the C library, those from 1 MiB on are mappings of
 * their own. To give a very large mapping back takes the system many milliseconds; so it is queued,
 * goes piece by piece, and counts as used until it is gone.
 *
 * <p>Huge pages are left to the system's own choice. Asked for, they gave up to 15% more throughput
 * at 5 million keys; but the first touch of one, which the system has to clear as a whole, took up
 * to 38 ms on a virtual machine whose host had not backed that memory yet; and a load of 3 million
 * keys then needed more time, not less.
 *
 * <p>While much is {@linkplain #expectMuch loaded}, a slab's or a table's pages are taken in one
 * call, which halves the system's share of the work. Not so the first slabs of a class, so that a
 * size of which there are few blocks takes no more memory than it needs.
 *
 * <p>Not safe for several threads.
 */
public final class Slabs {
  /** Blocks above this size come from the C library or are mappings of their own. */
  public static final int LARGEST = 32 << 10;

  private static final int SLAB_BYTES = 2 << 20;
  private static final int HEADER_BYTES = 64;
  private static final int KEPT_EMPTY = 4;
  private static final int RECLAIM_PIECE = 2 << 20;

  /** So many slabs of a class come page by page before whole ones are taken. */
  private static final int BY_PAGES = 8;

  private static final int NEXT = 0;
  private static final int PREVIOUS = 8;
  private static final int FREE = 16;
  private static final int UNTOUCHED = 24;
  private static final int LIVE = 28;
  private static final int CLASS = 32;

  private final long[] withRoom = new long[SizeClasses.COUNT];
  private final ArrayDeque<Long> empty = new ArrayDeque<>();
  private final Set<Long> slabs = new HashSet<>();
  private final ArrayDeque<Mapping> queue = new ArrayDeque<>();
  private long used;
  private long pending;
  private long reserved;
  private boolean muchExpected;

  /** Slabs of each class since much is expected. */
  private final int[] begun = new int[SizeClasses.COUNT];

  private static final class Mapping {
    final long address;
    long bytes;

    Mapping(long address, long bytes) {
      this.address = address;
      this.bytes = bytes;
    }
  }

  /**
   * A block of at least {@code bytes}, uninitialised, aligned to 8; throws {@link OutOfMemoryError}
   * with bytes and total when the system refuses.
   */
  public long allocate(int bytes) {
    if (bytes > LARGEST) {
      return allocateLarge(bytes);
    }
    int sizeClass = SizeClasses.classOf(bytes);
    int size = SizeClasses.sizeOf(sizeClass);
    long slab = withRoom[sizeClass];
    if (slab == 0) {
      slab = newSlab(sizeClass);
    }
    long block = Memory.getLong(slab + FREE);
    int untouched = Memory.getInt(slab + UNTOUCHED);
    long nextFree;
    if (block != 0) {
      nextFree = Memory.getLong(block);
      Memory.putLong(slab + FREE, nextFree);
    } else {
      nextFree = 0;
      block = slab + untouched;
      untouched += size;
      Memory.putInt(slab + UNTOUCHED, untouched);
    }
    Memory.putInt(slab + LIVE, Memory.getInt(slab + LIVE) + 1);
    if (nextFree == 0 && untouched + size > SLAB_BYTES) {
      unlink(slab, sizeClass);
    }
    used += size;
    return block;
  }

  /**
   * The block with a new size and its old content as far as it fits; stays where it is when both
   * sizes take the same.
   */
  public long reallocate(long address, int oldBytes, int newBytes) {
    long oldSize = SizeClasses.roundUp(oldBytes);
    long newSize = SizeClasses.roundUp(newBytes);
    if (oldSize == newSize) {
      return address;
    }
    if (Math.min(oldBytes, newBytes) >= SizeClasses.HUGE) {
      long moved = Pages.remap(address, oldSize, newSize);
      used += newSize - oldSize;
      reserved += newSize - oldSize;
      return moved;
    }
    long copy = allocate(newBytes);
    Memory.copy(address, copy, Math.min(oldBytes, newBytes));
    free(address, oldBytes);
    return copy;
  }

  /**
   * Gives back a block; {@code bytes} is what was asked for. A very large block stays counted until
   * {@link #reclaimStep} has returned it.
   */
  public void free(long address, int bytes) {
    if (bytes > LARGEST) {
      freeLarge(address, bytes);
      return;
    }
    long slab = address & -SLAB_BYTES;
    int sizeClass = Memory.getInt(slab + CLASS);
    int size = SizeClasses.sizeOf(sizeClass);
    long nextFree = Memory.getLong(slab + FREE);
    boolean wasFull = nextFree == 0 && Memory.getInt(slab + UNTOUCHED) + size > SLAB_BYTES;
    int live = Memory.getInt(slab + LIVE) - 1;
    Memory.putLong(address, nextFree);
    Memory.putLong(slab + FREE, address);
    Memory.putInt(slab + LIVE, live);
    used -= size;
    if (wasFull) {
      link(slab, sizeClass);
    }
    if (live == 0) {
      unlink(slab, sizeClass);
      empty.push(slab);
    }
  }

  /**
   * From now on, until told otherwise, blocks and tables come in masses and are filled at once, and
   * no single step is waited for.
   */
  public void expectMuch(boolean expected) {
    muchExpected = expected;
    Arrays.fill(begun, 0);
  }

  /** What a request really takes. */
  public static long classSize(int bytes) {
    return SizeClasses.roundUp(bytes);
  }

  /**
   * A zeroed range for a table, aligned to a cache line; {@code bytes} is a power of two of at
   * least 64.
   */
  public long allocateTable(long bytes) {
    if (bytes <= LARGEST) {
      long table = allocate((int) bytes);
      Memory.fill(table, bytes, (byte) 0);
      return table;
    }
    long size = Pages.round(bytes);
    long table = mapped(size, 1);
    if (muchExpected) {
      Pages.populate(table, size);
    }
    used += size;
    return table;
  }

  /** Gives back a table; a large one stays counted until {@link #reclaimStep} has returned it. */
  public void freeTable(long address, long bytes) {
    if (bytes <= LARGEST) {
      free(address, (int) bytes);
    } else {
      enqueue(address, Pages.round(bytes));
    }
  }

  /** What a table takes. */
  public static long tableSize(long bytes) {
    return bytes <= LARGEST ? classSize((int) bytes) : Pages.round(bytes);
  }

  /** What callers hold, by class size, and what waits to be reclaimed. */
  public long usedBytes() {
    return used + pending;
  }

  /** What was freed but is not yet given back; part of {@link #usedBytes}. */
  public long pendingBytes() {
    return pending;
  }

  /** What was taken from the system. */
  public long reservedBytes() {
    return reserved;
  }

  /**
   * Gives the next piece of what waits, or one empty slab, back to the system: 2 MiB at most. False
   * when there is nothing more.
   */
  public boolean reclaimStep() {
    if (!queue.isEmpty()) {
      unmapPiece(queue.peek());
    } else if (empty.size() > KEPT_EMPTY) {
      long slab = empty.removeLast();
      slabs.remove(slab);
      Pages.unmap(slab, SLAB_BYTES);
      reserved -= SLAB_BYTES;
    }
    return !queue.isEmpty() || empty.size() > KEPT_EMPTY;
  }

  private void unmapPiece(Mapping mapping) {
    long piece = Math.min(mapping.bytes, RECLAIM_PIECE);
    mapping.bytes -= piece;
    Pages.unmap(mapping.address + mapping.bytes, piece);
    pending -= piece;
    reserved -= piece;
    if (mapping.bytes == 0) {
      queue.remove();
    }
  }

  /**
   * Gives all slabs back; no block of up to {@link #LARGEST} bytes is valid afterwards. Larger ones
   * have to be freed before.
   */
  public void close() {
    slabs.forEach(slab -> Pages.unmap(slab, SLAB_BYTES));
    reserved -= (long) slabs.size() * SLAB_BYTES;
    slabs.clear();
    while (reclaimStep()) {
      // the rest of the queue
    }
    Arrays.fill(withRoom, 0);
    empty.clear();
  }

  private long newSlab(int sizeClass) {
    long slab;
    if (!empty.isEmpty()) {
      slab = empty.pop();
    } else {
      slab = mapped(SLAB_BYTES, SLAB_BYTES);
      slabs.add(slab);
      if (muchExpected && ++begun[sizeClass] > BY_PAGES) {
        Pages.populate(slab, SLAB_BYTES);
      }
    }
    Memory.putLong(slab + FREE, 0);
    Memory.putInt(slab + UNTOUCHED, HEADER_BYTES);
    Memory.putInt(slab + LIVE, 0);
    Memory.putInt(slab + CLASS, sizeClass);
    link(slab, sizeClass);
    return slab;
  }

  private void link(long slab, int sizeClass) {
    long head = withRoom[sizeClass];
    Memory.putLong(slab + NEXT, head);
    Memory.putLong(slab + PREVIOUS, 0);
    if (head != 0) {
      Memory.putLong(head + PREVIOUS, slab);
    }
    withRoom[sizeClass] = slab;
  }

  private void unlink(long slab, int sizeClass) {
    long next = Memory.getLong(slab + NEXT);
    long previous = Memory.getLong(slab + PREVIOUS);
    if (previous == 0) {
      withRoom[sizeClass] = next;
    } else {
      Memory.putLong(previous + NEXT, next);
    }
    if (next != 0) {
      Memory.putLong(next + PREVIOUS, previous);
    }
  }

  private long allocateLarge(int bytes) {
    long size = SizeClasses.roundUp(bytes);
    long block;
    if (bytes >= SizeClasses.HUGE) {
      block = mapped(size, 1);
    } else {
      block = granted(size);
    }
    used += size;
    return block;
  }

  private void freeLarge(long address, int bytes) {
    long size = SizeClasses.roundUp(bytes);
    if (bytes >= SizeClasses.HUGE) {
      enqueue(address, size);
    } else {
      NativeHeap.free(address);
      used -= size;
      reserved -= size;
    }
  }

  private void enqueue(long address, long size) {
    queue.add(new Mapping(address, size));
    used -= size;
    pending += size;
  }

  private long mapped(long size, long alignment) {
    try {
      long address = Pages.mapAligned(size, alignment);
      reserved += size;
      return address;
    } catch (OutOfMemoryError e) {
      throw refused(size);
    }
  }

  private long granted(long size) {
    try {
      long address = NativeHeap.allocate(size);
      reserved += size;
      return address;
    } catch (OutOfMemoryError e) {
      throw refused(size);
    }
  }

  private OutOfMemoryError refused(long size) {
    return new OutOfMemoryError(
        "the system refused " + size + " bytes for data beside the " + reserved + " bytes in use");
  }
}
