package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole comparison: {@code Bench HOLDFAST_SERVER JSON_FILE [ROUNDS] [SCALE] [PARTS]}.
 *
 * <p>Needs {@code VALKEY_BENCHMARK}, {@code VALKEY_SERVER}, {@code REDIS8_SERVER} and {@code
 * REDIS7_SERVER} in the environment; {@code SLOW_DISK} names the program that makes a disk slower,
 * if there is one. {@code SCALE} shrinks the amounts (1 is the real size); a scaled run is for
 * trying the benchmark, its figures mean little. {@code PARTS} are names of {@link Part}, with
 * commas between them; all without it.
 */
public final class Bench {
  /** What can be measured by itself. */
  enum Part {
    THROUGHPUT,
    MIXED,
    START,
    MEMORY,
    REPLAY,
    REWRITE;

    static Set<Part> of(String names) {
      return Arrays.stream(names.toUpperCase(Locale.ROOT).split(","))
          .map(Part::valueOf)
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    }
  }

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("bench: expected HOLDFAST_SERVER JSON_FILE [ROUNDS] [SCALE] [PARTS]");
      System.exit(2);
    }
    var contenders = Contender.fromEnvironment(Path.of(arguments[0]).toAbsolutePath());
    var rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    var scale = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 1.0;
    var parts = arguments.length > 4 ? Part.of(arguments[4]) : EnumSet.allOf(Part.class);
    var driver =
        new LoadDriver(
            Optional.ofNullable(System.getenv("VALKEY_BENCHMARK"))
                .orElseThrow(() -> new IllegalStateException("VALKEY_BENCHMARK is not set")));
    var redis7 = Contender.redis7FromEnvironment();
    var replaying = Stream.concat(contenders.stream(), redis7.stream()).toList();
    var run = Run.of(replaying, rounds, scale);
    Progress.say(String.join("; ", run.versions()));
    var report = new Report(Path.of(arguments[1]), run);
    if (parts.contains(Part.THROUGHPUT)) {
      new Throughput(driver, rounds, scale).measure(contenders, report);
    }
    if (parts.contains(Part.MIXED)) {
      new Mixed(driver, rounds, scale).measure(contenders).forEach(report);
    }
    var footprint = new Footprint(rounds, scale);
    if (parts.contains(Part.START)) {
      footprint.start(contenders, report);
    }
    if (parts.contains(Part.MEMORY)) {
      footprint.memoryPerKey(contenders, report);
    }
    if (parts.contains(Part.REPLAY)) {
      new Replay(rounds, scale).measure(replaying, report);
    }
    if (parts.contains(Part.REWRITE)) {
      new RewriteProbe(driver, rounds, scale).measure(contenders).forEach(report);
    }
    var plain = Stream.of(contenders.getFirst().plain());
    System.out.print(
        Results.table(Stream.concat(replaying.stream(), plain).toList(), report.lines()));
    Progress.say("done");
  }
}
