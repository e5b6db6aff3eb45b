package dev.holdfast.engine.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The C library's allocator, for buffers and blocks that are too large for {@link Slabs}. Safe from
 * any thread. Nothing is counted here: who needs accounting goes through {@link Slabs}.
 */
public final class NativeHeap {
  private static final MethodHandle MALLOC =
      handle("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CALLOC =
      handle("calloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle REALLOC =
      handle("realloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE = handle("free", FunctionDescriptor.ofVoid(JAVA_LONG));

  private NativeHeap() {}

  /**
   * An uninitialised block of at least {@code bytes}, aligned to 16; throws {@link
   * OutOfMemoryError} when the system refuses.
   */
  public static long allocate(long bytes) {
    try {
      return granted((long) MALLOC.invokeExact(bytes), bytes);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** A block of at least {@code bytes} zero bytes. */
  public static long allocateZeroed(long bytes) {
    try {
      return granted((long) CALLOC.invokeExact(1L, bytes), bytes);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /**
   * The block with a new size and its old content as far as it fits; the old address is no longer
   * valid. {@code address} 0 allocates.
   */
  public static long reallocate(long address, long bytes) {
    try {
      return granted((long) REALLOC.invokeExact(address, bytes), bytes);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Gives a block back; 0 is ignored. */
  public static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  private static long granted(long address, long bytes) {
    if (address == 0) {
      throw new OutOfMemoryError("the system refused a block of " + bytes + " bytes");
    }
    return address;
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  static RuntimeException thrown(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    if (e instanceof RuntimeException exception) {
      return exception;
    }
    return new IllegalStateException("a call of the C library failed", e);
  }
}
