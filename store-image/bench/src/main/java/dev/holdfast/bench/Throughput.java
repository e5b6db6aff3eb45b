package dev.holdfast.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * SET and GET with 1 and 16 commands in flight on 50 connections, by {@code appendfsync}; those of
 * one policy one after the other on the same server, each after a warm-up. SETs also with {@code
 * aof-checksum no}, which shows what the checksums cost.
 */
final class Throughput {
  private static final int CLIENTS = 50;
  private static final int KEYS = 1_000_000;

  private final LoadDriver driver;
  private final int rounds;
  private final double scale;

  /** One line of the table. */
  private record Test(String command, int pipeline, int requests, String target) {
    String name(String fsync) {
      return "%s %s P%d".formatted(fsync, command.toUpperCase(Locale.ROOT), pipeline);
    }
  }

  Throughput(LoadDriver driver, int rounds, double scale) {
    this.driver = driver;
    this.rounds = rounds;
    this.scale = scale;
  }

  void measure(List<Contender> contenders, Consumer<Measurement> report) throws Exception {
    var all = Stream.concat(contenders.stream(), Stream.of(contenders.getFirst().plain())).toList();
    lines(
        all,
        "everysec",
        report,
        new Test("set", 1, 300_000, "0.95x"),
        new Test("set", 16, 2_000_000, "1.6x"),
        new Test("get", 1, 300_000, ""),
        new Test("get", 16, 3_000_000, "1.0x"));
    lines(
        all,
        "always",
        report,
        new Test("set", 1, 150_000, "1.1x"),
        new Test("set", 16, 1_000_000, "1.5x"),
        new Test("get", 1, 300_000, ""),
        new Test("get", 16, 2_000_000, ""));
    lines(
        contenders,
        "no",
        report,
        new Test("set", 1, 300_000, ""),
        new Test("set", 16, 2_000_000, ""),
        new Test("get", 1, 300_000, ""),
        new Test("get", 16, 2_000_000, ""));
  }

  private void lines(
      List<Contender> contenders, String fsync, Consumer<Measurement> report, Test... tests)
      throws Exception {
    Progress.say(fsync + ": SET and GET");
    var figures = Rounds.run(contenders, rounds, contender -> session(contender, fsync, tests));
    for (var test : tests) {
      var name = test.name(fsync);
      report.accept(figures.line(name, name, "k ops/s", true, test.target(), contenders));
    }
  }

  private Map<String, Double> session(Contender contender, String fsync, Test... tests)
      throws Exception {
    var figures = new LinkedHashMap<String, Double>();
    try (var server =
        contender.start(
            contender.newFolder(),
            "--appendonly",
            "yes",
            "--appendfsync",
            fsync,
            "--auto-aof-rewrite-percentage",
            "0")) {
      driver.run(server.port(), "set", CLIENTS, 16, (int) (KEYS * scale), KEYS);
      for (var test : tests) {
        run(server, test, test.requests() / 2);
        figures.put(test.name(fsync), run(server, test, test.requests()) / 1000);
      }
    }
    return figures;
  }

  private double run(RunningServer server, Test test, int requests) throws Exception {
    return driver.run(
        server.port(), test.command(), CLIENTS, test.pipeline(), (int) (requests * scale), KEYS);
  }
}
