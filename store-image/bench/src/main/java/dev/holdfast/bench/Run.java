package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was compared, where and how much of it.
 *
 * @param began when the run began
 * @param machine processors and system
 * @param rounds of each measurement
 * @param scale of the amounts; below 1 the figures mean little
 * @param versions what each contender says of itself, in their order
 */
record Run(Instant began, String machine, int rounds, double scale, List<String> versions) {

  static Run of(List<Contender> contenders, int rounds, double scale) {
    var machine =
        "%d processors, %s %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    var versions = contenders.stream().map(Run::version).toList();
    return new Run(Instant.now(), machine, rounds, scale, versions);
  }

  private static String version(Contender contender) {
    try {
      var process =
          new ProcessBuilder(contender.program().toString(), "--version")
              .redirectErrorStream(true)
              .start();
      var printed = new String(process.getInputStream().readAllBytes()).strip();
      return contender.name() + ": " + printed.replaceAll("[\\p{Cntrl}\"\\\\]", " ");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask " + contender.program() + " its version", e);
    }
  }

  /** Members of an object. */
  String json() {
    return "\"began\": \"%s\", \"machine\": \"%s\", \"rounds\": %d, \"scale\": %s,\n \"contenders\": %s"
        .formatted(
            began,
            machine,
            rounds,
            scale,
            versions.stream().collect(Collectors.joining("\", \"", "[\"", "\"]")));
  }
}
