package dev.holdfast.engine.storage;

import dev.holdfast.engine.memory.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** Takes blocks of a disk for a file without writing them: {@code posix_fallocate}. */
final class Allocation {
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_CLOEXEC = 0x80000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle ALLOCATE =
      handle(
          "posix_fallocate",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Allocation() {}

  static void of(Path file, long bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      var captured = arena.allocate(Linker.Option.captureStateLayout());
      int descriptor =
          (int)
              OPEN.invokeExact(
                  captured,
                  arena.allocateFrom(file.toString()),
                  O_RDWR | O_CREAT | O_CLOEXEC,
                  0600);
      if (descriptor < 0) {
        throw new StorageException("open", file, Errno.text((int) ERRNO.get(captured, 0L)));
      }
      int failed = (int) ALLOCATE.invokeExact(descriptor, 0L, bytes);
      int unused = (int) CLOSE.invokeExact(descriptor);
      if (failed != 0) {
        throw new StorageException("allocate", file, Errno.text(failed));
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
