package dev.holdfast.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Start to the first PONG, and resident memory for each key. */
final class Footprint {
  private static final String VALUE = "x".repeat(100);

  /** How often the memory is looked at while the keys come. */
  private static final int LOOKS = 100;

  private final int rounds;
  private final double scale;

  Footprint(int rounds, double scale) {
    this.rounds = rounds;
    this.scale = scale;
  }

  void start(List<Contender> contenders, Consumer<Measurement> report) throws Exception {
    Progress.say("start to first PING");
    report.accept(
        Measurement.run(
            "start to first PING",
            "ms",
            false,
            "<= 400 ms",
            contenders,
            Math.max(5, rounds),
            contender -> {
              try (var server = contender.start(contender.newFolder(), "--appendonly", "yes")) {
                return server.startSeconds() * 1000;
              }
            }));
  }

  /**
   * At so many keys, and the most for each key from half as many on: an index doubles exactly once
   * in that range, and just after that it is at its largest for what is in it.
   */
  void memoryPerKey(List<Contender> contenders, Consumer<Measurement> report) throws Exception {
    var keys = (int) (5_000_000 * scale);
    Progress.say("memory for each of " + keys + " keys");
    var figures = Rounds.run(contenders, 1, contender -> memory(contender, keys));
    report.accept(
        figures.line(
            "end",
            "resident bytes per key (16 + 100 bytes, %,d keys)".formatted(keys),
            "bytes",
            false,
            "<= 165",
            contenders));
    report.accept(
        figures.line(
            "most", "the same just after the index doubled", "bytes", false, "<= 185", contenders));
  }

  private static Map<String, Double> memory(Contender contender, int keys) throws Exception {
    try (var server = contender.start(contender.newFolder(), "--appendonly", "no")) {
      var before = server.residentBytes();
      var most = 0.0;
      var last = 0.0;
      for (var look = 0; look < LOOKS; look++) {
        var upTo = (int) ((long) keys * (look + 1) / LOOKS);
        fill(server, (int) ((long) keys * look / LOOKS), upTo);
        last = (double) (server.residentBytes() - before) / upTo;
        most = look >= LOOKS / 2 ? Math.max(most, last) : most;
      }
      return Map.of("end", last, "most", most);
    }
  }

  /** Writes keys of 16 bytes with values of 100, in pipelines of 1,000. */
  static void fill(RunningServer server, int keys) throws Exception {
    fill(server, 0, keys);
  }

  private static void fill(RunningServer server, int from, int to) throws Exception {
    try (var client = server.connect()) {
      for (var done = from; done < to; ) {
        var batch = Math.min(1_000, to - done);
        for (var i = 0; i < batch; i++) {
          client.send("SET", "key:%012d".formatted(done + i), VALUE);
        }
        client.flush();
        for (var i = 0; i < batch; i++) {
          var reply = client.reply();
          if (!reply.equals("OK")) {
            throw new IllegalStateException(server.contender().name() + ": " + reply);
          }
        }
        done += batch;
      }
    }
  }
}
