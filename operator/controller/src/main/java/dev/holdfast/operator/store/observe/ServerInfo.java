package dev.holdfast.operator.store.observe;

import java.util.HashMap;
import java.util.Map;

/**
 * What the operator needs of {@code INFO}.
 *
 * @param runId changes with every start of the server
 * @param loading whether it still replays
 * @param loadingPercent how far, 0 to 100
 * @param aofEnabled whether it logs now
 * @param aofCurrentSize bytes of the append-only file, 0 when off
 * @param aofBaseSize bytes after the last rewrite, 0 when off
 * @param rewriting whether a rewrite runs or is scheduled
 * @param rewrites rewrites since the start
 * @param lastRewriteOk how the last one ended
 * @param lastRewriteSeconds how long it took; -1 before the first
 * @param lastWriteOk whether writing and syncing the log works
 * @param diskAlmostFull whether commands that need room are refused; only the bundled engine says
 *     it
 */
public record ServerInfo(
    String runId,
    String version,
    boolean loading,
    int loadingPercent,
    boolean aofEnabled,
    long aofCurrentSize,
    long aofBaseSize,
    boolean rewriting,
    long rewrites,
    boolean lastRewriteOk,
    long lastRewriteSeconds,
    boolean lastWriteOk,
    boolean diskAlmostFull) {

  /**
   * Reads the text of {@code INFO}; fields that are missing are taken as a server that has just
   * started has them.
   */
  static ServerInfo parse(String text) {
    Map<String, String> fields = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              var colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    return new ServerInfo(
        fields.getOrDefault("run_id", ""),
        fields.getOrDefault("redis_version", ""),
        flag(fields, "loading"),
        (int) Double.parseDouble(fields.getOrDefault("loading_loaded_perc", "0")),
        flag(fields, "aof_enabled"),
        number(fields, "aof_current_size", 0),
        number(fields, "aof_base_size", 0),
        flag(fields, "aof_rewrite_in_progress") || flag(fields, "aof_rewrite_scheduled"),
        number(fields, "aof_rewrites", 0),
        ok(fields, "aof_last_bgrewrite_status"),
        number(fields, "aof_last_rewrite_time_sec", -1),
        ok(fields, "aof_last_write_status"),
        flag(fields, "disk_almost_full"));
  }

  private static boolean flag(Map<String, String> fields, String name) {
    return "1".equals(fields.get(name));
  }

  private static boolean ok(Map<String, String> fields, String name) {
    return "ok".equals(fields.getOrDefault(name, "ok"));
  }

  private static long number(Map<String, String> fields, String name, long missing) {
    var value = fields.get(name);
    return value == null ? missing : Long.parseLong(value);
  }
}
