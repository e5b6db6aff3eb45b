package dev.holdfast.tools.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Replaces this process by another program, as {@code exec} in a shell does: the process id stays,
 * so that in a container the program is process 1 and gets the signals.
 *
 * <p>Three things of a JVM would leak into the program and are put right first. Descriptors above 2
 * get close-on-exec, because not all of what a JVM and its libraries open has it. The signal mask
 * is emptied, because the JVM blocks SIGQUIT in its threads and a mask survives exec. Signal
 * handlers need nothing: the kernel sets them back to the default. The launcher of the image marks
 * its environment, and a launcher that finds the mark takes its arguments for those of the JVM.
 */
public final class Exec {

  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int SIG_SETMASK = 2;
  private static final int SIGSET_BYTES = 128;
  private static final String LAUNCHER_MARK = "_JPACKAGE_LAUNCHER";

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle EXECV =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("execv"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle FCNTL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("fcntl"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SIGPROCMASK =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("pthread_sigmask"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS));
  private static final MethodHandle UNSETENV =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("unsetenv"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Exec() {}

  /**
   * Becomes {@code command}, with this process's environment and working folder. Does not return
   * when it succeeds.
   *
   * @param command the program, by its path or by a name that is looked up on {@code searchPath},
   *     and its arguments
   * @param searchPath folders separated by colons, as the environment's {@code PATH}; may be empty
   * @throws IOException when the program is not found or the system refuses; names the program and
   *     the system's words
   */
  public static IOException replaceProcess(List<String> command, String searchPath)
      throws IOException {
    Path program = find(command.getFirst(), searchPath);
    try (Arena arena = Arena.ofConfined()) {
      var arguments = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
      for (int i = 0; i < command.size(); i++) {
        arguments.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
      }
      arguments.setAtIndex(ValueLayout.ADDRESS, command.size(), MemorySegment.NULL);
      closeDescriptorsOnExec();
      var emptySet = arena.allocate(SIGSET_BYTES);
      int unused = (int) SIGPROCMASK.invokeExact(SIG_SETMASK, emptySet, MemorySegment.NULL);
      unused = (int) UNSETENV.invokeExact(arena.allocateFrom(LAUNCHER_MARK));
      System.out.flush();
      System.err.flush();
      var captured = arena.allocate(CAPTURE);
      int failed =
          (int) EXECV.invokeExact(captured, arena.allocateFrom(program.toString()), arguments);
      int errno = (int) ERRNO.get(captured, 0L);
      throw new IOException(
          "cannot run " + program + ": " + message(errno) + " (execv returned " + failed + ")");
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("cannot run " + program, e);
    }
  }

  private static Path find(String program, String searchPath) throws IOException {
    if (program.contains("/")) {
      return Path.of(program);
    }
    for (String folder : searchPath.split(":", -1)) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    throw new IOException("cannot run " + program + ": not found in PATH (" + searchPath + ")");
  }

  private static void closeDescriptorsOnExec() throws Throwable {
    String[] descriptors = Path.of("/proc/self/fd").toFile().list();
    if (descriptors == null) {
      descriptors = Path.of("/dev/fd").toFile().list();
    }
    if (descriptors == null) {
      throw new IOException(
          "cannot list the open files: neither /proc/self/fd nor /dev/fd can be read");
    }
    for (String descriptor : descriptors) {
      int fd = Integer.parseInt(descriptor);
      if (fd > 2) {
        int flags = (int) FCNTL.invokeExact(fd, F_GETFD, 0);
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
          int unused = (int) FCNTL.invokeExact(fd, F_SETFD, flags | FD_CLOEXEC);
        }
      }
    }
  }

  private static String message(int errno) throws Throwable {
    var text = (MemorySegment) STRERROR.invokeExact(errno);
    return text.reinterpret(256).getString(0);
  }
}
