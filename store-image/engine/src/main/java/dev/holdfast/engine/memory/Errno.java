package dev.holdfast.engine.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The system's words for its error numbers. */
public final class Errno {
  private static final int LONGEST = 256;

  private static final MethodHandle STRERROR =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("strerror"),
              FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Errno() {}

  /** What {@code strerror} says, such as "No space left on device". */
  public static String text(int errno) {
    try {
      return ((MemorySegment) STRERROR.invokeExact(errno)).reinterpret(LONGEST).getString(0);
    } catch (Throwable e) {
      throw NativeHeap.thrown(e);
    }
  }
}
