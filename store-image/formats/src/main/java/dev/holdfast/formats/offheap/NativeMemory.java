package dev.holdfast.formats.offheap;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The C library's allocator. A shared {@link java.lang.foreign.Arena} would do as well, but closing
 * one stops every thread of the process for a moment, and filling it with zeros costs more than
 * most of what is read into it.
 */
final class NativeMemory {
  private static final MethodHandle MALLOC =
      handle("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE = handle("free", FunctionDescriptor.ofVoid(JAVA_LONG));

  private NativeMemory() {}

  /** An uninitialised block, which any thread may use and free; its address is a multiple of 8. */
  static long allocate(long bytes) {
    long address;
    try {
      address = (long) MALLOC.invokeExact(bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("malloc cannot be called", e);
    }
    if (address == 0) {
      throw new OutOfMemoryError("the system refused a block of " + bytes + " bytes");
    }
    return address;
  }

  /** Gives a block back; 0 is ignored. */
  static void free(long address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable e) {
      throw new IllegalStateException("free cannot be called", e);
    }
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }
}
