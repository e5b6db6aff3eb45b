package dev.holdfast.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * 25 readers and 25 writers at the same time under {@code appendfsync always}: what a sync costs
 * those who do not wait for it. On this machine's disk, and on one whose syncs take a millisecond
 * longer ({@code SLOW_DISK} names the program that makes it so; without it that part is left out).
 */
final class Mixed {
  private static final int CLIENTS = 25;
  private static final int KEYS = 1_000_000;
  private static final String SLOWER_MICROS = "1000";

  private final LoadDriver driver;
  private final int rounds;
  private final double scale;

  Mixed(LoadDriver driver, int rounds, double scale) {
    this.driver = driver;
    this.rounds = rounds;
    this.scale = scale;
  }

  private record Round(LoadDriver.Figures gets, LoadDriver.Figures sets) {}

  List<Measurement> measure(List<Contender> contenders) throws Exception {
    var lines = new ArrayList<>(measure("always, 25+25", contenders, "1.2x", "", "0.9x"));
    var slow = Optional.ofNullable(System.getenv("SLOW_DISK")).map(Path::of);
    if (slow.filter(Files::isExecutable).isPresent()) {
      var slowed =
          contenders.stream().map(c -> c.under(slow.get().toString(), SLOWER_MICROS)).toList();
      lines.addAll(measure("always, disk 1 ms slower, 25+25", slowed, "5x", "5x", "1.0x"));
    } else {
      Progress.say("no slow disk: SLOW_DISK is not set");
    }
    return lines;
  }

  private List<Measurement> measure(
      String name, List<Contender> contenders, String gets, String p99, String sets)
      throws Exception {
    Progress.say(name);
    var results = new LinkedHashMap<String, List<Round>>();
    contenders.forEach(contender -> results.put(contender.name(), new ArrayList<>()));
    for (var i = 0; i < rounds; i++) {
      for (var j = 0; j < contenders.size(); j++) {
        var contender = contenders.get((i + j) % contenders.size());
        results.get(contender.name()).add(once(contender));
      }
    }
    return List.of(
        line(name + ": GET", "k ops/s", true, gets, results, r -> r.gets().perSecond() / 1000),
        line(name + ": GET p99", "ms", false, p99, results, r -> r.gets().p99Millis()),
        line(name + ": SET", "k ops/s", true, sets, results, r -> r.sets().perSecond() / 1000));
  }

  private Round once(Contender contender) throws Exception {
    try (var server =
        contender.start(
            contender.newFolder(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--auto-aof-rewrite-percentage",
            "0")) {
      driver.run(server.port(), "set", 50, 100, (int) (KEYS * scale), KEYS);
      together(server, (int) Math.ceil(3 * scale));
      return together(server, (int) Math.ceil(8 * scale));
    }
  }

  private Round together(RunningServer server, int seconds) throws Exception {
    var sets =
        CompletableFuture.supplyAsync(
            () -> driver.runFor(server.port(), "set", CLIENTS, seconds, KEYS));
    var gets = driver.runFor(server.port(), "get", CLIENTS, seconds, KEYS);
    return new Round(gets, sets.join());
  }

  private interface Figure {
    double of(Round round);
  }

  private static Measurement line(
      String name,
      String unit,
      boolean moreIsBetter,
      String target,
      LinkedHashMap<String, List<Round>> rounds,
      Figure figure) {
    var results = new LinkedHashMap<String, Sample>();
    rounds.forEach(
        (contender, all) ->
            results.put(contender, Sample.of(all.stream().map(figure::of).toList())));
    return new Measurement(name, unit, moreIsBetter, target, results);
  }
}
