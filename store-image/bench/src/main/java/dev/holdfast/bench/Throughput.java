package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

/** SET and GET with 1 and 16 commands in flight on 50 connections, by {@code appendfsync}. */
final class Throughput {
  private static final int CLIENTS = 50;
  private static final int KEYS = 1_000_000;

  private final LoadDriver driver;
  private final int rounds;
  private final double scale;

  Throughput(LoadDriver driver, int rounds, double scale) {
    this.driver = driver;
    this.rounds = rounds;
    this.scale = scale;
  }

  List<Measurement> measure(List<Contender> contenders) throws Exception {
    var lines = new ArrayList<Measurement>();
    lines.add(line(contenders, "everysec", "set", 1, 300_000, "0.9x"));
    lines.add(line(contenders, "everysec", "set", 16, 2_000_000, "1.3x"));
    lines.add(line(contenders, "everysec", "get", 1, 300_000, ""));
    lines.add(line(contenders, "everysec", "get", 16, 3_000_000, "1.0x"));
    lines.add(line(contenders, "always", "set", 1, 150_000, "1.0x"));
    lines.add(line(contenders, "always", "set", 16, 1_000_000, ""));
    lines.add(line(contenders, "no", "set", 1, 300_000, ""));
    lines.add(line(contenders, "no", "set", 16, 2_000_000, ""));
    return lines;
  }

  private Measurement line(
      List<Contender> contenders,
      String fsync,
      String test,
      int pipeline,
      int requests,
      String target)
      throws Exception {
    var name = "%s %s P%d".formatted(fsync, test.toUpperCase(java.util.Locale.ROOT), pipeline);
    Progress.say(name);
    return Measurement.run(
        name,
        "k ops/s",
        true,
        target,
        contenders,
        rounds,
        contender -> {
          try (var server =
              contender.start(
                  contender.newFolder(),
                  "--appendonly",
                  "yes",
                  "--appendfsync",
                  fsync,
                  "--auto-aof-rewrite-percentage",
                  "0")) {
            // Fills the key space, then warms up with what is measured: the same for everyone.
            driver.run(server.port(), "set", CLIENTS, 16, (int) (KEYS * scale), KEYS);
            driver.run(server.port(), test, CLIENTS, pipeline, (int) (requests * scale / 2), KEYS);
            return driver.run(
                    server.port(), test, CLIENTS, pipeline, (int) (requests * scale), KEYS)
                / 1000;
          }
        });
  }
}
