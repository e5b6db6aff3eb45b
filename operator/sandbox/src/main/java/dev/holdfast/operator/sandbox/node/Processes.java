package dev.holdfast.operator.sandbox.node;

import java.io.IOException;
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
 * Starts processes that end with the sandbox.
 *
 * <p>On Linux the kernel ends them when the thread that started them does ({@code setpriv
 * --pdeathsig}), so all are started by one thread that lives as long as the sandbox. Elsewhere, and
 * for what these start in turn, a list of process ids is kept, and leftovers are ended at the next
 * start.
 */
final class Processes implements AutoCloseable {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

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
    if (Files.isExecutable(SETPRIV)) {
      whole.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
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
