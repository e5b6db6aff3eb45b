package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server says about itself, its clients and its commands. */
class IntrospectionTest {
  @TempDir Path folder;

  private TestEngine engine;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    engine = TestEngine.start(folder);
    client = engine.client();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    engine.close();
  }

  @Test
  void latencyTellsOfSpikesOfTheDiskOnceAThresholdIsSet() throws IOException {
    assertThat(client.call("LATENCY", "LATEST")).isEqualTo("*0\r\n");
    assertThat(client.call("LATENCY", "DOCTOR")).contains("Latency monitoring is off");
    assertThat(client.call("CONFIG", "SET", "latency-monitor-threshold", "100"))
        .isEqualTo("+OK\r\n");
    assertThat(client.call("LATENCY", "DOCTOR")).contains("No latency spike was observed");
    engine.engine().persistence().latency().took("aof-fsync", 250_000_000);
    assertThat(client.call("LATENCY", "LATEST"))
        .startsWith("*1\r\n*4\r\n$9\r\naof-fsync\r\n:")
        .endsWith("\r\n:250\r\n:250\r\n");
    assertThat(client.call("LATENCY", "HISTORY", "aof-fsync"))
        .startsWith("*1\r\n*2\r\n:")
        .endsWith("\r\n:250\r\n");
    assertThat(client.call("LATENCY", "HISTORY", "fork")).isEqualTo("*0\r\n");
    assertThat(client.call("LATENCY", "DOCTOR")).contains("aof-fsync: 1 spikes", "250 ms");
    assertThat(client.call("LATENCY", "RESET")).isEqualTo(":1\r\n");
    assertThat(client.call("LATENCY", "LATEST")).isEqualTo("*0\r\n");
  }

  @Test
  void infoHasTheUsualSectionsAndAllOnRequest() throws IOException {
    String usual = client.call("INFO");
    assertThat(usual)
        .contains(
            "# Server",
            "# Clients",
            "# Memory",
            "# Persistence",
            "# Durability",
            "# Stats",
            "# Replication",
            "# CPU",
            "# Keyspace")
        .contains(
            "redis_version:7.2.4\r\n",
            "server_name:holdfast\r\n",
            "role:master\r\n",
            "loading:0\r\n")
        .doesNotContain("# Commandstats");
    assertThat(client.call("INFO", "all"))
        .contains("# Commandstats", "cmdstat_info:calls=1,", "latency_percentiles_usec_info:p50=");
    assertThat(client.call("INFO", "keyspace", "cpu"))
        .contains("# CPU", "# Keyspace")
        .doesNotContain("# Server");
    assertThat(client.call("INFO", "nosuch")).isEqualTo("$0\r\n\r\n");
  }

  @Test
  void countersCountAndResetstatSetsThemToZero() throws IOException {
    client.call("SET", "k", "v");
    client.call("GET", "k");
    client.call("GET", "missing");
    client.call("INCR", "k");
    client.call("GET");
    String stats = client.call("INFO", "everything");
    assertThat(stats)
        .contains(
            "keyspace_hits:1\r\n",
            "keyspace_misses:1\r\n",
            "total_error_replies:2\r\n",
            "errorstat_ERR:count=2\r\n");
    assertThat(stats)
        .containsPattern(
            "cmdstat_get:calls=2,usec=\\d+,usec_per_call=[\\d.]+,rejected_calls=1,failed_calls=0");
    assertThat(stats)
        .containsPattern(
            "cmdstat_incr:calls=1,usec=\\d+,usec_per_call=[\\d.]+,rejected_calls=0,failed_calls=1");
    assertThat(stats).contains("db0:keys=1,expires=0,avg_ttl=0\r\n");
    client.call("CONFIG", "RESETSTAT");
    assertThat(client.call("INFO", "everything"))
        .contains("keyspace_hits:0\r\n")
        .doesNotContain("cmdstat_get:");
  }

  @Test
  void theSlowlogKeepsWhatTookLongInShort() throws IOException {
    client.call("CONFIG", "SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "2");
    client.call("SLOWLOG", "RESET");
    client.call("SET", "k", "x".repeat(200));
    assertThat(client.call("SLOWLOG", "GET", "1"))
        .contains("$147\r\n" + "x".repeat(128) + "... (72 more bytes)\r\n");
    for (int i = 0; i < 5; i++) {
      client.call("PING");
    }
    assertThat(client.call("SLOWLOG", "LEN")).isEqualTo(":2\r\n");
    client.call("CONFIG", "SET", "slowlog-log-slower-than", "-1");
    client.call("SLOWLOG", "RESET");
    client.call("PING");
    assertThat(client.call("SLOWLOG", "LEN")).isEqualTo(":0\r\n");
  }

  @Test
  void clientsAreListedNamedAndKilled() throws IOException {
    try (var other = engine.client()) {
      other.call("CLIENT", "SETNAME", "other");
      other.call("CLIENT", "SETINFO", "LIB-NAME", "lib");
      String id = other.call("CLIENT", "ID").substring(1).trim();
      assertThat(client.call("CLIENT", "LIST"))
          .contains("name=other", "lib-name=lib", "cmd=client|list");
      assertThat(client.call("CLIENT", "LIST", "ID", id))
          .contains("name=other")
          .doesNotContain("cmd=client|list");
      assertThat(client.call("CLIENT", "KILL", "ID", id)).isEqualTo(":1\r\n");
      assertThat(other.isClosed()).isTrue();
      assertThat(client.call("CLIENT", "SETINFO", "LIB-NAME", "a b"))
          .isEqualTo("-ERR LIB-NAME cannot contain spaces, newlines or special characters.\r\n");
    }
  }

  @Test
  void aClientMayWantNoReplies() throws IOException {
    client.send("CLIENT", "REPLY", "OFF");
    client.send("SET", "k", "1");
    client.send("CLIENT", "REPLY", "ON");
    assertThat(client.reply()).isEqualTo("+OK\r\n");
    client.send("CLIENT", "REPLY", "SKIP");
    client.send("INCR", "k");
    assertThat(client.call("GET", "k")).isEqualTo("$1\r\n2\r\n");
  }

  @Test
  void waitingForTheDiskEndsWhenItIsThereOrWithTheTime() throws IOException {
    assertThat(client.call("WAITAOF", "1", "0", "0"))
        .isEqualTo(
            "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n");
    client.call("CONFIG", "SET", "appendonly", "yes");
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "1", "0", "0")).isEqualTo("*2\r\n:1\r\n:0\r\n");
    assertThat(client.call("WAITAOF", "0", "1", "20")).isEqualTo("*2\r\n:1\r\n:0\r\n");
    assertThat(client.call("WAIT", "1", "20")).isEqualTo(":0\r\n");
    assertThat(client.call("WAITAOF", "2", "0", "0"))
        .isEqualTo("-ERR value is out of range, value must between 0 and 1\r\n");
  }

  @Test
  void aWaitingClientCanBeLetGo() throws IOException {
    try (var waiting = engine.client()) {
      String id = waiting.call("CLIENT", "ID").substring(1).trim();
      waiting.send("WAIT", "1", "0");
      eventually(
          "the client waits and is let go",
          () -> client.call("CLIENT", "UNBLOCK", id, "ERROR").equals(":1\r\n"));
      assertThat(waiting.reply()).isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n");
    }
  }

  @Test
  void commandsAreExplainedWithTheirArguments() throws IOException {
    client.call("HELLO", "3");
    String docs = client.call("COMMAND", "DOCS", "set");
    assertThat(docs).startsWith("%1\r\n$3\r\nset\r\n%5\r\n$7\r\nsummary\r\n");
    assertThat(docs)
        .contains("$10\r\npure-token\r\n", "$5\r\noneof\r\n", "$4\r\nEXAT\r\n", "+optional\r\n");
    assertThat(client.call("COMMAND", "INFO", "nosuch")).isEqualTo("*1\r\n_\r\n");
    assertThat(client.call("COMMAND", "DOCS")).contains("config|set", "client|kill");
    assertThat(client.call("COMMAND", "LIST", "FILTERBY", "ACLCAT", "transaction"))
        .startsWith("*5\r\n");
  }

  @Test
  void whatBenchmarksAndExportersAskIsThere() throws IOException {
    for (String name :
        new String[] {
          "save",
          "appendonly",
          "maxmemory",
          "maxmemory-policy",
          "maxclients",
          "databases",
          "appendfsync",
          "dir",
          "timeout"
        }) {
      assertThat(client.call("CONFIG", "GET", name)).startsWith("*2\r\n");
    }
    assertThat(client.call("CONFIG", "GET", "dir")).contains(folder.toString());
    assertThat(client.call("CLUSTER", "INFO"))
        .isEqualTo("-ERR This instance has cluster support disabled\r\n");
    assertThat(client.call("ROLE")).startsWith("*3\r\n$6\r\nmaster\r\n");
    assertThat(client.call("TIME")).startsWith("*2\r\n");
  }

  @Test
  void theConfigurationFileIsBroughtUpToDate() throws IOException {
    Files.writeString(folder.resolve("redis.conf"), "# mine\ntimeout 1\n");
    client.call("CONFIG", "SET", "timeout", "7");
    assertThat(client.call("CONFIG", "REWRITE")).isEqualTo("+OK\r\n");
    assertThat(Files.readString(folder.resolve("redis.conf")))
        .startsWith("# mine\ntimeout 7\n# Generated by CONFIG REWRITE\n");
  }

  @Test
  void durabilityIsChangedWhileTheServerRuns() throws IOException {
    client.call("SET", "k", "v");
    assertThat(client.call("CONFIG", "SET", "appendonly", "yes", "appendfsync", "always"))
        .isEqualTo("+OK\r\n");
    client.call("SET", "l", "w");
    client.call("WAITAOF", "1", "0", "0");
    assertThat(client.call("INFO", "durability"))
        .contains("durability_policy:always\r\n", "durability_unsynced_bytes:0\r\n");
    assertThat(Files.exists(folder.resolve("appendonlydir/appendonly.aof.manifest"))).isTrue();
  }

  @Test
  void thePortMovesWhileTheServerRuns() throws IOException {
    assertThat(client.call("CONFIG", "SET", "port", "0")).isEqualTo("+OK\r\n");
    try (var later = engine.client()) {
      assertThat(later.call("PING")).isEqualTo("+PONG\r\n");
    }
    assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
  }
}
