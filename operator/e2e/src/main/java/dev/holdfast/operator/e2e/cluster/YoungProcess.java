package dev.holdfast.operator.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a pod's program among this machine's processes in the moment before it handles SIGTERM. */
final class YoungProcess {
  private static final Path PROC = Path.of("/proc");
  private static final long SIGTERM_BIT = 1L << 14;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private YoungProcess() {}

  /**
   * Stops it.
   *
   * @param podUid of the pod whose container is about to start
   * @return its process id
   * @throws IllegalStateException when no start was caught in time
   */
  static long stop(String podUid) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      var found = programOf(podUid);
      if (found.isEmpty()) {
        continue;
      }
      long pid = found.get();
      signal("STOP", pid);
      if (!handlesTerm(pid)) {
        return pid;
      }
      signal("KILL", pid);
    }
    throw new IllegalStateException(
        "no process of pod " + podUid + " was caught at its start within " + PATIENCE);
  }

  private static Optional<Long> programOf(String podUid) {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(folder -> Character.isDigit(folder.getFileName().toString().charAt(0)))
          .filter(folder -> read(folder.resolve("cmdline")).startsWith("/opt/holdfast/bin/"))
          .filter(folder -> isOf(podUid, read(folder.resolve("cgroup"))))
          .map(folder -> Long.parseLong(folder.getFileName().toString()))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Drivers write a UID into a cgroup's name as it is, or with underscores. */
  private static boolean isOf(String podUid, String cgroup) {
    return cgroup.contains(podUid) || cgroup.contains(podUid.replace('-', '_'));
  }

  private static boolean handlesTerm(long pid) {
    return read(PROC.resolve(pid + "/status"))
        .lines()
        .filter(line -> line.startsWith("SigCgt:"))
        .map(line -> Long.parseUnsignedLong(line.substring("SigCgt:".length()).strip(), 16))
        .anyMatch(caught -> (caught & SIGTERM_BIT) != 0);
  }

  /** Empty for a process that has ended since it was listed. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static void signal(String name, long pid) {
    new LocalNode().run("kill -" + name + " " + pid + " || true");
  }
}
