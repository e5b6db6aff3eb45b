package dev.holdfast.engine.agent;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * How much a thread counts where there are fewer processors than threads with work. Java's own
 * priorities mean nothing on Linux without special flags.
 */
public final class ThreadPriority {
  private static final int OF_PROCESS = 0;
  private static final int CALLER = 0;

  /** A tenth of the weight of a usual thread. */
  private static final int NICE = 10;

  private static final MethodHandle SET =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  private ThreadPriority() {}

  /**
   * The calling thread gives way to others from now on; there is no way back. Elsewhere than on
   * Linux, where the call would mean the whole process, nothing happens.
   */
  public static void lower() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      // That it was refused changes nothing but how others fare.
      int _ = (int) SET.invokeExact(OF_PROCESS, CALLER, NICE);
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority cannot be called", e);
    }
  }
}
