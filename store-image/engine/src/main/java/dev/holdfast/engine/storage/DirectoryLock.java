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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The exclusive right to write in a data directory: {@code flock} on {@code <dir>/holdfast/lock},
 * whose text names the holder.
 *
 * <p>{@code flock} and not {@link java.nio.channels.FileChannel#lock()}, which on Linux is a POSIX
 * record lock: that one is lost when any descriptor of the file is closed in the process, and is
 * not seen by {@code flock(1)} in a script. The kernel lets go of the lock when the process ends or
 * becomes another program, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {

  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_CLOEXEC = 0x80000;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int EWOULDBLOCK = 11;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO_OPTION = Linker.Option.captureCallState("errno");
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
          ERRNO_OPTION,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FLOCK =
      handle(
          "flock",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
          ERRNO_OPTION);
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private int descriptor;

  private DirectoryLock(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Takes the lock, or fails at once. Creates {@code <directory>/holdfast/} where it is missing.
   *
   * @param directory the data directory
   * @param holder what to tell others, for example {@code holdfast-server, process 17}
   * @throws StorageException when another process holds it (the message names it), or the folder
   *     cannot be written to
   */
  public static DirectoryLock acquire(Path directory, String holder) throws IOException {
    Path file = directory.resolve("holdfast").resolve("lock");
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw DiskStorage.failed("create folder", file.getParent(), e);
    }
    int descriptor = lock(directory, file);
    try {
      Files.writeString(file, holder + "\n");
    } catch (IOException e) {
      // The text is a courtesy: on a full disk the lock itself still holds.
    }
    return new DirectoryLock(descriptor);
  }

  private static int lock(Path directory, Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      var captured = arena.allocate(Linker.Option.captureStateLayout());
      int descriptor =
          (int)
              OPEN.invokeExact(
                  captured,
                  arena.allocateFrom(file.toString()),
                  O_RDWR | O_CREAT | O_CLOEXEC,
                  0644);
      if (descriptor < 0) {
        throw new StorageException("open", file, Errno.text((int) ERRNO.get(captured, 0L)));
      }
      if ((int) FLOCK.invokeExact(captured, descriptor, LOCK_EX | LOCK_NB) != 0) {
        int errno = (int) ERRNO.get(captured, 0L);
        int unused = (int) CLOSE.invokeExact(descriptor);
        throw new StorageException(
            "lock",
            file,
            errno == EWOULDBLOCK
                ? directory + " is in use by " + holder(file) + "; stop it first"
                : Errno.text(errno));
      }
      return descriptor;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }

  private static String holder(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "another process" : text;
    } catch (IOException e) {
      return "another process";
    }
  }

  /** Lets go of the lock; the file stays. */
  @Override
  public void close() {
    if (descriptor >= 0) {
      try {
        int unused = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException("close failed", e);
      }
      descriptor = -1;
    }
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
