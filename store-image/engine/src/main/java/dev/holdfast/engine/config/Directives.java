package dev.holdfast.engine.config;

import static dev.holdfast.engine.config.Kinds.*;

import dev.holdfast.engine.config.Directive.Change;
import dev.holdfast.engine.config.Directive.Effect;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every directive that a configuration file may hold: those of Redis 7.2, so that a file written
 * for it is understood, and ours ({@code requirepass-file}, {@code health-port}, {@code
 * aof-checksum}, {@code aof-disk-reserve}, {@code rdb-version}, {@code snapshot-rate-limit}). What
 * this server cannot do is refused unless it says the default; what has no meaning here is accepted
 * and {@linkplain Config#withoutEffect said at the start}.
 */
final class Directives {
  private final Map<String, Directive> all = new LinkedHashMap<>();

  private Directives() {
    listen();
    persistence();
    memoryUse();
    operation();
    limitsOfOtherTypes();
    replicationAndCluster();
  }

  /** A fresh set with defaults, by name. */
  static Map<String, Directive> all() {
    return new Directives().all;
  }

  private void listen() {
    live("port", null, "6379", number(0, 65535));
    live("bind", null, "* -::*", manyWords(ListKinds::bind));
    fixed("tcp-backlog", null, "511", number(0, Integer.MAX_VALUE));
    live("timeout", null, "0", number(0, Integer.MAX_VALUE));
    live("tcp-keepalive", null, "300", number(0, Integer.MAX_VALUE));
    live("maxclients", null, "10000", number(1, 4294967295L));
    live("protected-mode", null, "yes", YES_NO);
    live("requirepass", null, "", TEXT);
    fixed("requirepass-file", null, "", TEXT);
    fixed("health-port", null, "0", number(0, 65535));
  }

  private void persistence() {
    guarded("dir", null, ".", TEXT);
    guarded("dbfilename", null, "dump.rdb", fileName("dbfilename"));
    live("save", null, SavePoints.DEFAULT, manyWords(SavePoints::normalise));
    live("stop-writes-on-bgsave-error", null, "yes", YES_NO);
    live("rdbcompression", null, "yes", YES_NO);
    fixed("rdbchecksum", null, "yes", YES_NO);
    live("rdb-version", null, "10", choice("10", "11", "12"));
    live("rdb-save-incremental-fsync", null, "yes", YES_NO);
    live("snapshot-rate-limit", null, "0", memory(0, Long.MAX_VALUE));
    ignored("rdb-del-sync-files", null, "no", YES_NO);
    ignored("sanitize-dump-payload", null, "no", choice("no", "yes", "clients"));
    live("appendonly", null, "no", YES_NO);
    fixed("appendfilename", null, "appendonly.aof", fileName("appendfilename"));
    fixed("appenddirname", null, "appendonlydir", fileName("appenddirname"));
    live("appendfsync", null, "everysec", choice("everysec", "always", "no"));
    live("no-appendfsync-on-rewrite", null, "no", YES_NO);
    live("auto-aof-rewrite-percentage", null, "100", number(0, Integer.MAX_VALUE));
    live("auto-aof-rewrite-min-size", null, "67108864", memory(0, Long.MAX_VALUE));
    live("aof-load-truncated", null, "yes", YES_NO);
    live("aof-use-rdb-preamble", null, "yes", YES_NO);
    live("aof-timestamp-enabled", null, "no", YES_NO);
    live("aof-checksum", null, "yes", YES_NO);
    live("aof-fill-ahead", null, "auto", choice("auto", "yes", "no"));
    live("aof-disk-reserve", null, "16777216", memory(0, Long.MAX_VALUE));
    live("aof-rewrite-incremental-fsync", null, "yes", YES_NO);
    ignored("aof-disable-auto-gc", null, "no", YES_NO);
  }

  private void memoryUse() {
    live("maxmemory", null, "0", memory(0, -1L));
    live(
        "maxmemory-policy",
        null,
        "noeviction",
        choice(
            "volatile-lru",
            "volatile-lfu",
            "volatile-random",
            "volatile-ttl",
            "allkeys-lru",
            "allkeys-lfu",
            "allkeys-random",
            "noeviction"));
    live("maxmemory-samples", null, "5", number(1, 64));
    ignored("maxmemory-eviction-tenacity", null, "10", number(0, 100));
    ignored("maxmemory-clients", null, "0", TEXT);
    live("lfu-log-factor", null, "10", number(0, Integer.MAX_VALUE));
    live("lfu-decay-time", null, "1", number(0, Integer.MAX_VALUE));
    ignored("active-expire-effort", null, "1", number(1, 10));
    live("hz", null, "10", number(0, Integer.MAX_VALUE));
    ignored("dynamic-hz", null, "yes", YES_NO);
    live("activerehashing", null, "yes", YES_NO);
  }

  private void operation() {
    fixed("databases", null, "16", number(1, Integer.MAX_VALUE));
    refused("daemonize", null, "no", "running in the background", Change.NEVER);
    ignoredFixed("pidfile", null, "", TEXT);
    live("loglevel", null, "notice", choice("debug", "verbose", "notice", "warning"));
    fixed("logfile", null, "", TEXT);
    live("proto-max-bulk-len", null, "536870912", memory(1048576, Long.MAX_VALUE));
    live("client-query-buffer-limit", null, "1073741824", memory(1048576, Long.MAX_VALUE));
    live(
        "client-output-buffer-limit",
        null,
        BufferLimits.DEFAULT,
        manyWords(BufferLimits::normalise));
    live("slowlog-log-slower-than", null, "10000", number(-1, Long.MAX_VALUE));
    live("slowlog-max-len", null, "128", number(0, Long.MAX_VALUE));
    live("latency-monitor-threshold", null, "0", number(0, Long.MAX_VALUE));
    ignored("latency-tracking", null, "yes", YES_NO);
    live(
        "latency-tracking-info-percentiles", null, "50 99 99.9", manyWords(ListKinds::percentiles));
    ignored("shutdown-timeout", null, "10", number(0, Integer.MAX_VALUE));
    ignored("shutdown-on-sigint", null, "default", words());
    ignored("shutdown-on-sigterm", null, "default", words());
    fixed("enable-debug-command", null, "no", choice("no", "yes", "local"));
    fixed("enable-protected-configs", null, "no", choice("no", "yes", "local"));
    ignoredFixed("enable-module-command", null, "no", choice("no", "yes", "local"));
    ignored("busy-reply-threshold", "lua-time-limit", "5000", number(0, Long.MAX_VALUE));
    ignored("lazyfree-lazy-eviction", null, "no", YES_NO);
    ignored("lazyfree-lazy-expire", null, "no", YES_NO);
    ignored("lazyfree-lazy-server-del", null, "no", YES_NO);
    ignored("lazyfree-lazy-user-del", null, "no", YES_NO);
    ignored("lazyfree-lazy-user-flush", null, "no", YES_NO);
    live("notify-keyspace-events", null, "", ListKinds::events);
    ignoredFixed("always-show-logo", null, "no", YES_NO);
    ignoredFixed("set-proc-title", null, "yes", YES_NO);
    ignored("proc-title-template", null, "{title} {listen-addr} {server-mode}", TEXT);
    ignoredFixed("supervised", null, "no", choice("upstart", "systemd", "auto", "no"));
    refused("syslog-enabled", null, "no", "logging to syslog", Change.NEVER);
    ignoredFixed("syslog-ident", null, "redis", TEXT);
    ignoredFixed("syslog-facility", null, "local0", TEXT);
    ignored("crash-log-enabled", null, "yes", YES_NO);
    ignored("crash-memcheck-enabled", null, "yes", YES_NO);
    ignoredFixed("disable-thp", null, "yes", YES_NO);
    ignored("jemalloc-bg-thread", null, "yes", YES_NO);
    ignored("ignore-warnings", null, "", TEXT);
    ignored("locale-collate", null, "", TEXT);
    ignoredFixed("socket-mark-id", null, "0", number(0, 4294967295L));
    ignored("bind-source-addr", null, "", TEXT);
    ignored("oom-score-adj", null, "no", choice("no", "yes", "relative", "absolute"));
    ignored("oom-score-adj-values", null, "0 200 800", manyWords(ListKinds::oomScores));
    ignoredFixed("io-threads", null, "1", number(1, 128));
    ignoredFixed("io-threads-do-reads", null, "no", YES_NO);
    ignoredFixed("server_cpulist", null, "", TEXT);
    ignoredFixed("bio_cpulist", null, "", TEXT);
    ignoredFixed("aof_rewrite_cpulist", null, "", TEXT);
    ignoredFixed("bgsave_cpulist", null, "", TEXT);
    refused("activedefrag", null, "no", "active defragmentation", Change.LIVE);
    ignored("active-defrag-cycle-min", null, "1", number(1, 99));
    ignored("active-defrag-cycle-max", null, "25", number(1, 99));
    ignored("active-defrag-threshold-lower", null, "10", number(0, 1000));
    ignored("active-defrag-threshold-upper", null, "100", number(0, 1000));
    ignored("active-defrag-max-scan-fields", null, "1000", number(1, Long.MAX_VALUE));
    ignored("active-defrag-ignore-bytes", null, "104857600", memory(1, Long.MAX_VALUE));
    refused("unixsocket", null, "", "a Unix socket", Change.NEVER);
    ignoredFixed("unixsocketperm", null, "0", octal(0777));
  }

  private void limitsOfOtherTypes() {
    ignored(
        "hash-max-listpack-entries", "hash-max-ziplist-entries", "512", number(0, Long.MAX_VALUE));
    ignored("hash-max-listpack-value", "hash-max-ziplist-value", "64", memory(0, Long.MAX_VALUE));
    ignored(
        "list-max-listpack-size",
        "list-max-ziplist-size",
        "-2",
        number(Integer.MIN_VALUE, Integer.MAX_VALUE));
    ignored("list-compress-depth", null, "0", number(0, Integer.MAX_VALUE));
    ignored("set-max-intset-entries", null, "512", number(0, Long.MAX_VALUE));
    ignored("set-max-listpack-entries", null, "128", number(0, Long.MAX_VALUE));
    ignored("set-max-listpack-value", null, "64", memory(0, Long.MAX_VALUE));
    ignored(
        "zset-max-listpack-entries", "zset-max-ziplist-entries", "128", number(0, Long.MAX_VALUE));
    ignored("zset-max-listpack-value", "zset-max-ziplist-value", "64", memory(0, Long.MAX_VALUE));
    ignored("hll-sparse-max-bytes", null, "3000", memory(0, Long.MAX_VALUE));
    ignored("stream-node-max-bytes", null, "4096", memory(0, Long.MAX_VALUE));
    ignored("stream-node-max-entries", null, "100", number(0, Long.MAX_VALUE));
    live("tracking-table-max-keys", null, "1000000", number(0, Long.MAX_VALUE));
  }

  private void replicationAndCluster() {
    refused("replicaof", "slaveof", "", "replication", Change.NEVER);
    ignored("masterauth", null, "", TEXT);
    ignored("masteruser", null, "", TEXT);
    ignored("replica-serve-stale-data", "slave-serve-stale-data", "yes", YES_NO);
    ignored("replica-read-only", "slave-read-only", "yes", YES_NO);
    ignored("replica-lazy-flush", "slave-lazy-flush", "no", YES_NO);
    ignored("replica-ignore-maxmemory", "slave-ignore-maxmemory", "yes", YES_NO);
    ignored("replica-ignore-disk-write-errors", null, "no", YES_NO);
    ignored("replica-announced", null, "yes", YES_NO);
    ignored("replica-announce-ip", "slave-announce-ip", "", TEXT);
    ignored("replica-announce-port", "slave-announce-port", "0", number(0, 65535));
    ignored("replica-priority", "slave-priority", "100", number(0, Integer.MAX_VALUE));
    ignored("repl-diskless-sync", null, "yes", YES_NO);
    ignored("repl-diskless-sync-delay", null, "5", number(0, Integer.MAX_VALUE));
    ignored("repl-diskless-sync-max-replicas", null, "0", number(0, Integer.MAX_VALUE));
    ignored("repl-diskless-load", null, "disabled", choice("disabled", "on-empty-db", "swapdb"));
    ignored("repl-disable-tcp-nodelay", null, "no", YES_NO);
    ignored(
        "repl-ping-replica-period", "repl-ping-slave-period", "10", number(1, Integer.MAX_VALUE));
    ignored("repl-timeout", null, "60", number(1, Integer.MAX_VALUE));
    ignored("repl-backlog-size", null, "1048576", memory(1, Long.MAX_VALUE));
    ignored("repl-backlog-ttl", null, "3600", number(0, Long.MAX_VALUE));
    refused("min-replicas-to-write", "min-slaves-to-write", "0", "replication", Change.LIVE);
    ignored("min-replicas-max-lag", "min-slaves-max-lag", "10", number(0, Integer.MAX_VALUE));
    ignored(
        "propagation-error-behavior",
        null,
        "ignore",
        choice("ignore", "panic", "panic-on-replicas"));
    refused("aclfile", null, "", "an ACL file", Change.NEVER);
    ignored("acllog-max-len", null, "128", number(0, Long.MAX_VALUE));
    ignored("acl-pubsub-default", null, "resetchannels", choice("allchannels", "resetchannels"));
    refused("cluster-enabled", null, "no", "cluster mode", Change.NEVER);
    ignoredFixed("cluster-config-file", null, "nodes.conf", TEXT);
    ignoredFixed("cluster-port", null, "0", number(0, 65535));
    ignored("cluster-node-timeout", null, "15000", number(0, Long.MAX_VALUE));
    ignored("cluster-announce-ip", null, "", TEXT);
    ignored("cluster-announce-port", null, "0", number(0, 65535));
    ignored("cluster-announce-bus-port", null, "0", number(0, 65535));
    ignored("cluster-announce-tls-port", null, "0", number(0, 65535));
    ignored("cluster-announce-hostname", null, "", TEXT);
    ignored("cluster-announce-human-nodename", null, "", TEXT);
    ignored(
        "cluster-preferred-endpoint-type",
        null,
        "ip",
        choice("ip", "hostname", "unknown-endpoint"));
    ignored("cluster-require-full-coverage", null, "yes", YES_NO);
    ignored(
        "cluster-replica-validity-factor",
        "cluster-slave-validity-factor",
        "10",
        number(0, Integer.MAX_VALUE));
    ignored("cluster-replica-no-failover", "cluster-slave-no-failover", "no", YES_NO);
    ignored("cluster-allow-replica-migration", null, "yes", YES_NO);
    ignored("cluster-allow-reads-when-down", null, "no", YES_NO);
    ignored("cluster-allow-pubsubshard-when-down", null, "yes", YES_NO);
    ignored("cluster-migration-barrier", null, "1", number(0, Integer.MAX_VALUE));
    ignored("cluster-link-sendbuf-limit", null, "0", memory(0, Long.MAX_VALUE));
    refused("tls-port", null, "0", "TLS", Change.NEVER);
    refused("tls-cluster", null, "no", "TLS", Change.NEVER);
    refused("tls-replication", null, "no", "TLS", Change.NEVER);
  }

  private void live(String name, String alias, String value, Kind kind) {
    put(name, alias, value, kind, Change.LIVE, Effect.SOME);
  }

  private void guarded(String name, String alias, String value, Kind kind) {
    put(name, alias, value, kind, Change.PROTECTED, Effect.SOME);
  }

  private void fixed(String name, String alias, String value, Kind kind) {
    put(name, alias, value, kind, Change.NEVER, Effect.SOME);
  }

  private void ignored(String name, String alias, String value, Kind kind) {
    put(name, alias, value, kind, Change.LIVE, Effect.NONE);
  }

  private void ignoredFixed(String name, String alias, String value, Kind kind) {
    put(name, alias, value, kind, Change.NEVER, Effect.NONE);
  }

  private void refused(String name, String alias, String value, String feature, Change change) {
    put(name, alias, value, onlyDefault(value, feature), change, Effect.REFUSED);
  }

  private void put(
      String name, String alias, String value, Kind kind, Change change, Effect effect) {
    all.put(name, new Directive(name, alias, kind, value, change, effect));
  }
}
