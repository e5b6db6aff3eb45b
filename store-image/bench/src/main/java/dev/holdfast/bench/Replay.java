package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The time from starting a server to its first PONG with 3 million keys in its AOF, in an
 * incremental file and in a base file, and how much more memory it takes meanwhile than afterwards.
 */
final class Replay {
  private static final long REWRITE_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final String[] DIRECTIVES = {
    "--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"
  };

  private final int rounds;
  private final double scale;

  Replay(int rounds, double scale) {
    this.rounds = rounds;
    this.scale = scale;
  }

  /** Each contender replays the folder that it wrote itself. */
  void measure(List<Contender> contenders, Consumer<Measurement> report) throws Exception {
    var keys = (int) (3_000_000 * scale);
    var folders = new LinkedHashMap<String, Path>();
    try {
      Progress.say("replay: writing " + keys + " keys");
      for (var contender : contenders) {
        var folder = contender.newFolder();
        folders.put(contender.name(), folder);
        try (var server = contender.start(folder, DIRECTIVES).keepFolder()) {
          Footprint.fill(server, keys);
        }
      }
      lines("incremental file", "2x redis7", contenders, folders, keys, report);
      for (var contender : contenders) {
        try (var server = contender.start(folders.get(contender.name()), DIRECTIVES).keepFolder()) {
          rewrite(server);
        }
      }
      lines("base file", "1.5x redis7", contenders, folders, keys, report);
    } finally {
      folders.values().forEach(RunningServer::delete);
    }
  }

  private void lines(
      String file,
      String target,
      List<Contender> contenders,
      Map<String, Path> folders,
      int keys,
      Consumer<Measurement> report)
      throws Exception {
    var name = "replay of %,d keys, %s".formatted(keys, file);
    Progress.say(name);
    var figures =
        Rounds.run(
            contenders, rounds, contender -> once(contender, folders.get(contender.name()), keys));
    report.accept(figures.line("seconds", name, "s", false, target, contenders));
    report.accept(
        figures.line("more", name + ": peak above loaded", "MB", false, "<= 64 MB", contenders));
  }

  private static Map<String, Double> once(Contender contender, Path folder, int keys)
      throws Exception {
    try (var server = contender.start(folder, DIRECTIVES).keepFolder();
        var client = server.connect()) {
      var loaded = client.command("DBSIZE");
      if (!loaded.equals("" + keys)) {
        throw new IllegalStateException(
            contender.name() + " replayed " + loaded + " of " + keys + " keys");
      }
      // The kernel keeps the peak itself, so that none is missed between two looks.
      var more = server.peakResidentBytes() - server.residentBytes();
      return Map.of("seconds", server.startSeconds(), "more", more / 1e6);
    }
  }

  private static void rewrite(RunningServer server) throws Exception {
    try (var client = server.connect()) {
      client.command("BGREWRITEAOF");
      var began = System.nanoTime();
      do {
        LockSupport.parkNanos(50_000_000);
        if (System.nanoTime() - began > REWRITE_LIMIT_NANOS) {
          throw new IllegalStateException(server.contender().name() + " does not end its rewrite");
        }
      } while (RewriteProbe.rewriting(client));
    }
  }
}
