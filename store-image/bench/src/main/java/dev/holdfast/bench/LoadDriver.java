package dev.holdfast.bench;

import java.io.IOException;
import java.util.List;

/** Load by the stock {@code valkey-benchmark}, the same neutral client for every server. */
final class LoadDriver {
  private final String program;

  LoadDriver(String program) {
    this.program = program;
  }

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
      throws IOException, InterruptedException {
    var command =
        List.of(
            program,
            "-h",
            "127.0.0.1",
            "-p",
            "" + port,
            "-t",
            test,
            "-c",
            "" + clients,
            "-P",
            "" + pipeline,
            "-n",
            "" + requests,
            "-r",
            "" + keys,
            "-d",
            "100",
            "--csv");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException("valkey-benchmark failed: " + output);
    }
    return output
        .lines()
        .filter(
            line ->
                line.toUpperCase(java.util.Locale.ROOT)
                    .startsWith("\"" + test.toUpperCase(java.util.Locale.ROOT)))
        .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[1].replace("\"", "")))
        .findFirst()
        .orElseThrow(
            () -> new IOException("no figure in what valkey-benchmark printed: " + output));
  }
}
