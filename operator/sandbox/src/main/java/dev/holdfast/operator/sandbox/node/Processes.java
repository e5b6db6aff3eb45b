package dev.holdfast.operator.sandbox.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes that end with the sandbox, and with all that they started in turn.
 *
 * <p>On Linux each gets a session of its own, which is ended as a whole after its first process, as
 * a container would be; and the kernel ends that first process when the thread that started it does
 * ({@code setpriv --pdeathsig}), so all are started by one thread that lives as long as the
 * sandbox. For what is left anyway a list of process ids is kept, and leftovers are ended at the
 * next start.
 */
final class Processes implements AutoCloseable {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final boolean SESSIONS = Files.isExecutable(SETPRIV) && Files.isExecutable(SETSID);

  private final Path register;
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("process-starter").daemon().factory());

  Processes(Path register) throws IOException {
    this.register = register;
    Files.createDirectories(register);
    endLeftovers();
  }

  Process start(List<String> command, Map<String, String> variables, Path folder, Path log)
      throws IOException {
    List<String> whole = new ArrayList<>();
    if (SESSIONS) {
      whole.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--", SETSID.toString()));
    }
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      Process process = starter.submit(builder::start).get();
      remember(process);
      return process;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting " + command.getFirst(), e);
    }
  }

  /** Ends a process and all it started. */
  static void kill(Process process) {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
    killSession(process.pid());
  }

  /** Ends what a process that has ended left behind. */
  static void killSession(long leader) {
    if (SESSIONS) {
      try {
        new ProcessBuilder("/bin/kill", "-KILL", "--", "-" + leader)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException("/bin/kill cannot be run", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void remember(Process process) throws IOException {
    Path file = register.resolve(Long.toString(process.pid()));
    String started = process.info().startInstant().map(Instant::toString).orElse("");
    Files.writeString(file, started);
    process.onExit().thenRun(() -> file.toFile().delete());
  }

  private void endLeftovers() throws IOException {
    try (var files = Files.newDirectoryStream(register)) {
      for (Path file : files) {
        String started = Files.readString(file);
        ProcessHandle.of(Long.parseLong(file.getFileName().toString()))
            .filter(
                process ->
                    process.info().startInstant().map(Instant::toString).orElse("").equals(started))
            .ifPresent(
                process -> {
                  process.descendants().forEach(ProcessHandle::destroyForcibly);
                  process.destroyForcibly();
                  killSession(process.pid());
                });
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    starter.shutdown();
  }
}
