package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server process under test; closing it ends the process and deletes its folder unless it is
 * kept.
 */
final class RunningServer implements AutoCloseable {
  private static final long START_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(3);

  private final Contender contender;
  private final Process process;
  private final int port;
  private final Path folder;
  private final double startSeconds;
  private boolean keepFolder;

  private RunningServer(
      Contender contender, Process process, int port, Path folder, double startSeconds) {
    this.contender = contender;
    this.process = process;
    this.port = port;
    this.folder = folder;
    this.startSeconds = startSeconds;
  }

  static RunningServer await(
      Contender contender, Process process, int port, Path folder, long began) throws IOException {
    while (System.nanoTime() - began < START_LIMIT_NANOS && process.isAlive()) {
      try (var client = new RespClient(port)) {
        if (client.command("PING").equals("PONG")) {
          return new RunningServer(
              contender, process, port, folder, (System.nanoTime() - began) / 1e9);
        }
      } catch (IOException notYet) {
        // nobody listens yet
      }
      LockSupport.parkNanos(500_000);
    }
    process.destroyForcibly();
    throw new IOException(
        contender.name()
            + " did not answer PING; its log:\n"
            + Files.readString(folder.resolve("server.log")));
  }

  Contender contender() {
    return contender;
  }

  int port() {
    return port;
  }

  Path folder() {
    return folder;
  }

  /** From starting the process to the first PONG (not -LOADING), in seconds. */
  double startSeconds() {
    return startSeconds;
  }

  RespClient connect() {
    try {
      return new RespClient(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resident memory of the process (and the launcher's child, if it has one), in bytes. */
  long residentBytes() {
    return status("VmRSS");
  }

  /** The most that was ever resident, in bytes. */
  long peakResidentBytes() {
    return status("VmHWM");
  }

  /** Resident bytes of the server and of every child it forked; what they share counts once. */
  long residentBytesWithChildren() {
    var children = process.descendants().toList();
    return children.isEmpty()
        ? residentBytes()
        : children.stream().mapToLong(child -> proportional(child.pid())).sum()
            + proportional(process.pid());
  }

  private static long proportional(long pid) {
    return kibibytes(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss");
  }

  private long status(String field) {
    return status(process.pid(), field);
  }

  private static long status(long pid, String field) {
    return kibibytes(Path.of("/proc/" + pid + "/status"), field);
  }

  private static long kibibytes(Path file, String field) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException gone) {
      return 0;
    }
  }

  RunningServer keepFolder() {
    keepFolder = true;
    return this;
  }

  @Override
  public void close() {
    // Whoever runs the server for us may not pass a signal on.
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    if (!keepFolder) {
      delete(folder);
    }
  }

  static void delete(Path folder) {
    try (var paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
