package dev.holdfast.engine.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Asks the system's scheduler for shorter turns of a thread: it gets no more of a processor, but
 * gets it sooner when it has something to do, and gives it back sooner. For threads that others
 * wait for; it costs one that is always busy a tenth of what it gets done.
 *
 * <p>On Linux since 6.12 this is the field {@code sched_runtime} of {@code struct sched_attr} (man
 * 2 sched_setattr, version 0 of the structure: 48 bytes) for threads of the normal policy. Older
 * systems ignore it; one that refuses it is left alone, because nothing but latency depends on it.
 */
final class ShortTurns {
  private static final long TURN_NANOS = 100_000;

  private static final long SIZE = 48;
  private static final long POLICY = 4;
  private static final long RUNTIME = 24;
  private static final int NORMAL = 0;

  private static final long SET = number(314, 274);
  private static final long GET = number(315, 275);
  private static final MethodHandle SYSCALL = handle();

  private ShortTurns() {}

  /** For the calling thread; whether the system took it. */
  static boolean ask() {
    return set(TURN_NANOS);
  }

  /** The calling thread gets turns as any other. */
  static void giveBack() {
    set(0);
  }

  private static boolean set(long turnNanos) {
    if (GET < 0) {
      return false;
    }
    try (var arena = Arena.ofConfined()) {
      var attributes = arena.allocate(SIZE, 8);
      if ((long) SYSCALL.invokeExact(GET, 0L, attributes, SIZE, 0L) != 0
          || attributes.get(JAVA_INT, POLICY) != NORMAL) {
        return false;
      }
      attributes.set(JAVA_INT, 0, (int) SIZE);
      attributes.set(JAVA_LONG, RUNTIME, turnNanos);
      return (long) SYSCALL.invokeExact(SET, 0L, attributes, 0L, 0L) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("sched_setattr", e);
    }
  }

  /** What the calling thread has; 0: unknown. */
  static long nanos() {
    try (var arena = Arena.ofConfined()) {
      var attributes = arena.allocate(SIZE, 8);
      long result = (long) SYSCALL.invokeExact(GET, 0L, attributes, SIZE, 0L);
      return result == 0 ? attributes.get(JAVA_LONG, RUNTIME) : 0;
    } catch (Throwable e) {
      throw new IllegalStateException("sched_getattr", e);
    }
  }

  /** A call's number where it is known, else -1. */
  private static long number(long amd64, long aarch64) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return -1;
    }
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> amd64;
      case "aarch64" -> aarch64;
      default -> -1;
    };
  }

  private static MethodHandle handle() {
    var linker = Linker.nativeLinker();
    var shape =
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"), shape, Linker.Option.firstVariadicArg(1));
  }
}
