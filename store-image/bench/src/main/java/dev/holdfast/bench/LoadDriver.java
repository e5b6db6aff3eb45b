package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Load by the stock {@code valkey-benchmark}, the same neutral client for every server. */
final class LoadDriver {
  private static final int PER_SECOND = 1;
  private static final int P99 = 6;

  private final String program;

  LoadDriver(String program) {
    this.program = program;
  }

  /**
   * What a run gave.
   *
   * @param perSecond commands per second
   * @param p99Millis latency that 99% of the commands stayed below
   */
  record Figures(double perSecond, double p99Millis) {}

  /**
   * Runs one test and returns its throughput.
   *
   * @param test {@code set} or {@code get}
   * @param clients connections
   * @param pipeline commands in flight on each connection
   * @param requests commands in all
   * @param keys size of the key space
   * @return commands per second
   */
  double run(int port, String test, int clients, int pipeline, int requests, int keys)
      throws IOException {
    return start(port, test, clients, keys, "-P", "" + pipeline, "-n", "" + requests).perSecond();
  }

  /** As {@link #run} for about a second, with no more than so many commands in it. */
  double runPaced(int port, String test, int clients, int pipeline, int perSecond, int keys)
      throws IOException {
    var amount = "" + perSecond;
    return start(port, test, clients, keys, "-P", "" + pipeline, "-n", amount, "--rps", amount)
        .perSecond();
  }

  /** Runs one test, one command in flight on each connection, for so long. */
  Figures runFor(int port, String test, int clients, int seconds, int keys) {
    try {
      return start(port, test, clients, keys, "--duration", "" + seconds);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Figures start(int port, String test, int clients, int keys, String... amount)
      throws IOException {
    var command = new ArrayList<>(List.of(program, "-h", "127.0.0.1", "-p", "" + port));
    command.addAll(List.of("-t", test, "-c", "" + clients, "-r", "" + keys, "-d", "100", "--csv"));
    command.addAll(List.of(amount));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes());
    if (exitCode(process) != 0) {
      throw new IOException("valkey-benchmark failed: " + output);
    }
    return output
        .lines()
        .filter(
            line -> line.toUpperCase(Locale.ROOT).startsWith("\"" + test.toUpperCase(Locale.ROOT)))
        .map(line -> line.replace("\"", "").split(",", -1))
        .map(
            columns ->
                new Figures(
                    Double.parseDouble(columns[PER_SECOND]), Double.parseDouble(columns[P99])))
        .findFirst()
        .orElseThrow(
            () -> new IOException("no figure in what valkey-benchmark printed: " + output));
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while valkey-benchmark ran", e);
    }
  }
}
