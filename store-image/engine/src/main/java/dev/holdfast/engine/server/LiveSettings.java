package dev.holdfast.engine.server;

import dev.holdfast.engine.aof.FillPolicy;
import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.client.ClientClass;
import dev.holdfast.engine.client.ClientSettings;
import dev.holdfast.engine.client.OutputLimit;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.config.SavePoints;
import dev.holdfast.engine.persistence.PersistenceSettings;
import java.util.List;
import java.util.Locale;

/**
 * Brings directives to the settings of clients and of persistence, now and whenever {@code CONFIG
 * SET} changes one.
 */
final class LiveSettings {
  private final Config config;

  LiveSettings(Config config) {
    this.config = config;
  }

  void follow(ClientSettings clients) {
    number("maxclients", n -> clients.maxClients = (int) Math.min(n, Integer.MAX_VALUE));
    number("timeout", n -> clients.idleSeconds = (int) n);
    number("tcp-keepalive", n -> clients.keepAliveSeconds = (int) n);
    flag("protected-mode", on -> clients.protectedMode = on);
    number("proto-max-bulk-len", n -> clients.protocol.maxBulk = n);
    number("client-query-buffer-limit", n -> clients.protocol.maxQueryBuffer = n);
    config.applyAndFollow("client-output-buffer-limit", value -> outputLimits(clients, value));
  }

  private static void outputLimits(ClientSettings clients, String value) {
    List<String> words = List.of(value.split(" ", -1));
    for (int i = 0; i < words.size(); i += 4) {
      ClientClass type =
          words.get(i).equals("slave")
              ? ClientClass.REPLICA
              : ClientClass.valueOf(words.get(i).toUpperCase(Locale.ROOT));
      clients.outputLimit(
          type,
          new OutputLimit(
              Long.parseLong(words.get(i + 1)),
              Long.parseLong(words.get(i + 2)),
              Long.parseLong(words.get(i + 3))));
    }
  }

  void follow(PersistenceSettings settings) {
    config.applyAndFollow(
        "appendfsync", value -> settings.fsync = Fsync.valueOf(value.toUpperCase(Locale.ROOT)));
    flag("no-appendfsync-on-rewrite", on -> settings.noFsyncOnRewrite = on);
    number("auto-aof-rewrite-percentage", n -> settings.rewritePercentage = (int) n);
    number("auto-aof-rewrite-min-size", n -> settings.rewriteMinSize = n);
    flag("aof-use-rdb-preamble", on -> settings.rdbPreamble = on);
    flag("aof-load-truncated", on -> settings.loadTruncated = on);
    flag("aof-timestamp-enabled", on -> settings.timestamps = on);
    number("aof-disk-reserve", n -> settings.diskReserve = n);
    flag("aof-checksum", on -> settings.aofChecksum = on);
    config.applyAndFollow(
        "aof-fill-ahead",
        value -> settings.fillAhead = FillPolicy.valueOf(value.toUpperCase(Locale.ROOT)));
    flag("aof-rewrite-incremental-fsync", on -> settings.rewriteIncrementalFsync = on);
    flag("rdb-save-incremental-fsync", on -> settings.saveIncrementalFsync = on);
    number("snapshot-rate-limit", n -> settings.snapshotRateLimit = n);
    flag("rdbcompression", on -> settings.compression = on);
    flag("rdbchecksum", on -> settings.checksum = on);
    number("rdb-version", n -> settings.dumpVersion = (int) n);
    config.applyAndFollow("dbfilename", value -> settings.dumpFile = value);
    flag("stop-writes-on-bgsave-error", on -> settings.stopWritesOnSaveError = on);
    config.applyAndFollow("save", value -> settings.savePoints = savePoints(value));
  }

  private static List<PersistenceSettings.SavePoint> savePoints(String value) {
    return SavePoints.of(value).points().stream()
        .map(p -> new PersistenceSettings.SavePoint(p.seconds(), p.changes()))
        .toList();
  }

  /** A consumer of a number, so that lambdas read well. */
  @FunctionalInterface
  interface NumberSetter {
    void set(long value);
  }

  /** A consumer of a yes or no. */
  @FunctionalInterface
  interface FlagSetter {
    void set(boolean on);
  }

  void number(String name, NumberSetter setter) {
    config.applyAndFollow(name, value -> setter.set(config.number(name)));
  }

  void flag(String name, FlagSetter setter) {
    config.applyAndFollow(name, value -> setter.set(value.equals("yes")));
  }
}
