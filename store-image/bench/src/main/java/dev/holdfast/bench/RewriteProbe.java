package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * What a rewrite costs everybody else while 50,000 random keys are overwritten each second: the
 * longest answer time that a client sees, the longest time that the server itself knows it served
 * nobody, and the most memory resident (parent and children).
 */
final class RewriteProbe {
  private static final int WRITES_PER_SECOND = 50_000;
  private static final Pattern OWN_STEP =
      Pattern.compile("loop_longest_step_beside_snapshot_usec:(\\d+)");

  private final LoadDriver driver;
  private final int rounds;
  private final double scale;

  RewriteProbe(LoadDriver driver, int rounds, double scale) {
    this.driver = driver;
    this.rounds = rounds;
    this.scale = scale;
  }

  private record Cost(double stallMillis, double stepMillis, double peakRatio, double seconds) {}

  List<Measurement> measure(List<Contender> contenders) throws Exception {
    var keys = (int) (5_000_000 * scale);
    Progress.say("rewrite of " + keys + " keys under load");
    var stalls = new LinkedHashMap<String, List<Double>>();
    var steps = new LinkedHashMap<String, List<Double>>();
    var peaks = new LinkedHashMap<String, List<Double>>();
    var times = new LinkedHashMap<String, List<Double>>();
    for (var i = 0; i < rounds; i++) {
      for (var j = 0; j < contenders.size(); j++) {
        var contender = contenders.get((i + j) % contenders.size());
        var cost = once(contender, keys);
        stalls.computeIfAbsent(contender.name(), n -> new ArrayList<>()).add(cost.stallMillis());
        steps.computeIfAbsent(contender.name(), n -> new ArrayList<>()).add(cost.stepMillis());
        peaks.computeIfAbsent(contender.name(), n -> new ArrayList<>()).add(cost.peakRatio());
        times.computeIfAbsent(contender.name(), n -> new ArrayList<>()).add(cost.seconds());
      }
    }
    return List.of(
        line("longest answer while rewriting under load", "ms", "", contenders, stalls),
        line("longest step by the server's own clock", "ms", "<= 10 ms", contenders, steps),
        line("peak memory while rewriting / before", "x", "<= 1.15 x", contenders, peaks),
        line("time of the rewrite under load", "s", "", contenders, times));
  }

  private static Measurement line(
      String name,
      String unit,
      String target,
      List<Contender> contenders,
      LinkedHashMap<String, List<Double>> all) {
    var results = new LinkedHashMap<String, Sample>();
    contenders.forEach(c -> results.put(c.name(), Sample.of(all.get(c.name()))));
    return new Measurement(name, unit, false, target, results);
  }

  private Cost once(Contender contender, int keys) throws Exception {
    try (var server =
            contender.start(
                contender.newFolder(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--auto-aof-rewrite-percentage",
                "0");
        var control = server.connect();
        var probe = server.connect()) {
      Footprint.fill(server, keys);
      var before = server.residentBytes();
      var running = new AtomicBoolean(true);
      var load =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (running.get()) {
                    driver.runPaced(server.port(), "set", 20, 4, WRITES_PER_SECOND, keys);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      control.command("CONFIG", "SET", "latency-monitor-threshold", "1");
      var began = System.nanoTime();
      control.command("BGREWRITEAOF");
      var longest = 0L;
      var peak = before;
      var next = began;
      do {
        var asked = System.nanoTime();
        probe.command("PING");
        longest = Math.max(longest, System.nanoTime() - asked);
        if (System.nanoTime() > next) {
          peak = Math.max(peak, server.residentBytesWithChildren());
          next += 20_000_000;
        }
      } while (System.nanoTime() - began < 100_000_000 || rewriting(control));
      var seconds = (System.nanoTime() - began) / 1e9;
      var step = ownStepMillis(control);
      running.set(false);
      load.join();
      return new Cost(longest / 1e6, step, (double) peak / before, seconds);
    }
  }

  /** Ours counts the iterations of its loop; stock servers tell of forks and slow commands. */
  private static double ownStepMillis(RespClient control) throws IOException {
    var own = OWN_STEP.matcher(control.command("INFO", "durability"));
    if (own.find()) {
      return Long.parseLong(own.group(1)) / 1e3;
    }
    var longest = 0.0;
    for (var event : List.of("fork", "command", "fast-command")) {
      var history = control.command("LATENCY", "HISTORY", event).split("\\s+");
      for (var i = 1; i < history.length; i += 2) {
        longest = Math.max(longest, Double.parseDouble(history[i]));
      }
    }
    return longest;
  }

  static boolean rewriting(RespClient control) throws IOException {
    var info = control.command("INFO", "persistence");
    return info.contains("aof_rewrite_in_progress:1") || info.contains("aof_rewrite_scheduled:1");
  }
}
