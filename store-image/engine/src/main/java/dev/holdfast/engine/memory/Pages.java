package dev.holdfast.engine.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Pages mapped straight from the system, zero at first: for slabs, tables and very large values.
 * Unlike blocks of the C library's allocator they can be given back piece by piece, and grown by
 * moving page table entries instead of bytes ({@code mremap}, where the system has it).
 */
public final class Pages {
  /** Ranges are multiples of this; a multiple of the page size of every system we run on. */
  static final int GRAIN = 16 << 10;

  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = isLinux() ? 0x22 : 0x1002;
  private static final int MAY_MOVE = 1;

  private static final MethodHandle MMAP =
      handle("mmap", true, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)
          .orElseThrow();
  private static final MethodHandle MUNMAP =
      handle("munmap", false, JAVA_LONG, JAVA_LONG).orElseThrow();
  private static final Optional<MethodHandle> MREMAP =
      onLinux("mremap", true, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);

  private Pages() {}

  /** Rounds up to whole grains. */
  public static long round(long bytes) {
    return (bytes + GRAIN - 1) & -GRAIN;
  }

  /** Zero pages at any page boundary. */
  public static long map(long bytes) {
    try {
      long address = (long) MMAP.invokeExact(0L, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (address == -1) {
        throw new OutOfMemoryError("the system refused to map " + bytes + " bytes");
      }
      return address;
    } catch (Throwable e) {
      throw NativeHeap.thrown(e);
    }
  }

  /** Zero pages that begin at a multiple of {@code alignment} (a power of two). */
  static long mapAligned(long bytes, long alignment) {
    long address = map(bytes);
    if ((address & (alignment - 1)) == 0) {
      return address;
    }
    unmap(address, bytes);
    long wide = map(bytes + alignment);
    long aligned = (wide + alignment - 1) & -alignment;
    if (aligned > wide) {
      unmap(wide, aligned - wide);
    }
    long end = aligned + bytes;
    long wideEnd = wide + bytes + alignment;
    if (wideEnd > end) {
      unmap(end, wideEnd - end);
    }
    return aligned;
  }

  /** Gives pages back; the range may be a part of what was mapped. */
  public static void unmap(long address, long bytes) {
    try {
      int result = (int) MUNMAP.invokeExact(address, bytes);
      if (result != 0) {
        throw new IllegalStateException(
            "munmap of " + bytes + " bytes at 0x" + Long.toHexString(address) + " failed");
      }
    } catch (Throwable e) {
      throw NativeHeap.thrown(e);
    }
  }

  /** A mapping with a new size and the old content as far as it fits. */
  public static long remap(long address, long oldBytes, long newBytes) {
    if (MREMAP.isEmpty()) {
      long copy = map(newBytes);
      Memory.copy(address, copy, Math.min(oldBytes, newBytes));
      unmap(address, oldBytes);
      return copy;
    }
    try {
      long moved = (long) MREMAP.get().invokeExact(address, oldBytes, newBytes, MAY_MOVE);
      if (moved == -1) {
        throw new OutOfMemoryError("the system refused to map " + newBytes + " bytes");
      }
      return moved;
    } catch (Throwable e) {
      throw NativeHeap.thrown(e);
    }
  }

  /**
   * Takes the memory behind a range that is about to be written as a whole in one call, instead of
   * by a fault for each page. Only a wish: on a system that does not know it (Linux before 5.14),
   * nothing changes.
   */
  static void populate(long address, long bytes) {
    if (isLinux()) {
      Population.populate(address, bytes);
    }
  }

  /** Apart, so that a start with little data does not pay for the binding. */
  private static final class Population {
    private static final int FOR_WRITING = 23;
    private static final MethodHandle MADVISE =
        handle("madvise", false, JAVA_LONG, JAVA_LONG, JAVA_INT).orElseThrow();

    static void populate(long address, long bytes) {
      try {
        int ignored = (int) MADVISE.invokeExact(address, bytes, FOR_WRITING);
      } catch (Throwable e) {
        throw NativeHeap.thrown(e);
      }
    }
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private static Optional<MethodHandle> onLinux(
      String name, boolean returnsAddress, MemoryLayout... arguments) {
    return isLinux() ? handle(name, returnsAddress, arguments) : Optional.empty();
  }

  private static Optional<MethodHandle> handle(
      String name, boolean returnsAddress, MemoryLayout... arguments) {
    var linker = Linker.nativeLinker();
    var descriptor = FunctionDescriptor.of(returnsAddress ? JAVA_LONG : JAVA_INT, arguments);
    return linker
        .defaultLookup()
        .find(name)
        .map(symbol -> linker.downcallHandle(symbol, descriptor));
  }
}
