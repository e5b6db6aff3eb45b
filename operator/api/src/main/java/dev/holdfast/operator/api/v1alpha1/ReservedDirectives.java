package dev.holdfast.operator.api.v1alpha1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Directives of redis.conf that {@code spec.config} refuses, each with what to write instead. The
 * schema's rules are made from this table.
 */
public final class ReservedDirectives {

  private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

  static {
    field("appendonly", "spec.persistence.appendonly");
    field("appendfsync", "spec.persistence.appendfsync");
    field("auto-aof-rewrite-percentage", "spec.persistence.autoAofRewritePercentage");
    field("auto-aof-rewrite-min-size", "spec.persistence.autoAofRewriteMinSize");
    field("aof-use-rdb-preamble", "spec.persistence.aofUseRdbPreamble");
    field("aof-timestamp-enabled", "spec.persistence.aofTimestampEnabled");
    field("no-appendfsync-on-rewrite", "spec.persistence.noAppendfsyncOnRewrite");
    operators(
        "save",
        "snapshots on a schedule would not be part of any promise; write spec.persistence instead");
    operators("dir", "the data is always on the store's volume; leave it out");
    operators("dbfilename", "the volume's layout is fixed; leave it out");
    operators("appendfilename", "the volume's layout is fixed; leave it out");
    operators("appenddirname", "the volume's layout is fixed; leave it out");
    operators(
        "include", "only spec says what the server runs with; write the directives here instead");
    operators("loadmodule", "modules are not supported; leave it out");
    operators("rename-command", "the operator needs the commands' own names; leave it out");
    operators(
        "requirepass", "the password is generated; read it from the secret in status.secretName");
    operators(
        "requirepass-file",
        "the password is generated; read it from the secret in status.secretName");
    operators("user", "the operator signs in as the default user; leave it out");
    operators("aclfile", "the operator signs in as the default user; leave it out");
    operators("port", "clients connect to status.address; leave it out");
    operators("health-port", "the pod's probes ask a fixed port; leave it out");
    operators("tls-port", "TLS is not supported yet; leave it out");
    operators("tls-cluster", "TLS is not supported yet; leave it out");
    operators("tls-replication", "TLS is not supported yet; leave it out");
    operators("bind", "the server listens on the pod's address; leave it out");
    operators("protected-mode", "the server always has a password; leave it out");
    operators("unixsocket", "clients connect to status.address; leave it out");
    operators("unixsocketperm", "clients connect to status.address; leave it out");
    operators("daemonize", "the server runs in the foreground of its container; leave it out");
    operators("pidfile", "the server runs in the foreground of its container; leave it out");
    operators("supervised", "the server runs in the foreground of its container; leave it out");
    operators("logfile", "the server logs to its container's output; leave it out");
    operators("replicaof", "replication is not supported yet; leave it out");
    operators("slaveof", "replication is not supported yet; leave it out");
    operators("cluster-enabled", "cluster mode is not supported; leave it out");
    operators("cluster-config-file", "cluster mode is not supported; leave it out");
    operators("cluster-port", "cluster mode is not supported; leave it out");
  }

  private ReservedDirectives() {}

  private static void field(String directive, String path) {
    INSTEAD.put(
        directive,
        "config must not set " + directive + ", which has a field of its own: write " + path);
  }

  private static void operators(String directive, String instead) {
    INSTEAD.put(directive, "config must not set " + directive + ": " + instead);
  }

  /** Each refused directive with the message that says what to write instead, in a fixed order. */
  public static Map<String, String> messages() {
    return Collections.unmodifiableMap(INSTEAD);
  }
}
