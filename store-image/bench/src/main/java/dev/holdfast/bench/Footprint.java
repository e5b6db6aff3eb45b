package dev.holdfast.bench;

import java.util.List;

/** Start to the first PONG, resident memory for each key, and the time to replay an AOF. */
final class Footprint {
  private static final String VALUE = "x".repeat(100);

  private final int rounds;
  private final double scale;

  Footprint(int rounds, double scale) {
    this.rounds = rounds;
    this.scale = scale;
  }

  Measurement start(List<Contender> contenders) throws Exception {
    Progress.say("start to first PING");
    return Measurement.run(
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
        });
  }

  Measurement memoryPerKey(List<Contender> contenders) throws Exception {
    var keys = (int) (5_000_000 * scale);
    Progress.say("memory for each of " + keys + " keys");
    return Measurement.run(
        "resident bytes per key (16 + 100 bytes, %,d keys)".formatted(keys),
        "bytes",
        false,
        "<= 170",
        contenders,
        1,
        contender -> {
          try (var server = contender.start(contender.newFolder(), "--appendonly", "no")) {
            var before = server.residentBytes();
            fill(server, keys);
            return (double) (server.residentBytes() - before) / keys;
          }
        });
  }

  Measurement replay(List<Contender> contenders) throws Exception {
    var keys = (int) (3_000_000 * scale);
    Progress.say("replay of " + keys + " SETs");
    return Measurement.run(
        "replay of %,d SETs".formatted(keys),
        "s",
        false,
        "",
        contenders,
        rounds,
        contender -> {
          var folder = contender.newFolder();
          try {
            String[] directives = {
              "--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"
            };
            try (var server = contender.start(folder, directives).keepFolder()) {
              fill(server, keys);
            }
            try (var server = contender.start(folder, directives).keepFolder();
                var client = server.connect()) {
              var loaded = client.command("DBSIZE");
              if (!loaded.equals("" + keys)) {
                throw new IllegalStateException(
                    contender.name() + " replayed " + loaded + " of " + keys + " keys");
              }
              return server.startSeconds();
            }
          } finally {
            RunningServer.delete(folder);
          }
        });
  }

  /** Writes keys of 16 bytes with values of 100, in pipelines of 1,000. */
  static void fill(RunningServer server, int keys) throws Exception {
    try (var client = server.connect()) {
      for (var done = 0; done < keys; ) {
        var batch = Math.min(1_000, keys - done);
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
