package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys whose time is over, and what happens when memory is short. */
class ExpiryAndMemoryTest {
  @TempDir Path folder;

  @Test
  void aKeyIsGoneForEverybodyOnceItsTimeIsOver() throws IOException {
    var clock = new ShiftedClock();
    try (var engine = TestEngine.start(folder, clock);
        var client = engine.client()) {
      client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
      client.call("SET", "k", "v", "EX", "100");
      clock.forward(100_500);
      assertThat(client.call("EXISTS", "k")).isEqualTo(":0\r\n");
      assertThat(client.call("TTL", "k")).isEqualTo(":-2\r\n");
      assertThat(info(client, "stats", "expired_keys")).isEqualTo("1");
    }
  }

  @Test
  void keysThatNobodyAsksForExpireToo() throws IOException {
    var clock = new ShiftedClock();
    try (var engine = TestEngine.start(folder, clock);
        var client = engine.client()) {
      for (int i = 0; i < 1000; i++) {
        client.call("SET", "k" + i, "v", "EX", "100");
      }
      client.call("SET", "stays", "v");
      clock.forward(101_000);
      await(() -> client.call("DBSIZE").equals(":1\r\n"));
    }
  }

  @Test
  void nothingExpiresByItselfWhileWritersAreParkedByASlowDisk() throws IOException {
    var clock = new ShiftedClock();
    var disk = new HangingSyncs();
    try (var engine = TestEngine.start(folder, clock, disk.storage(), "--appendonly", "yes");
        var client = engine.client();
        var syncs = disk) {
      client.call("SET", "k", "v", "EX", "100");
      syncs.hang = true;
      client.call("SET", "other", "v");
      await(() -> !info(client, "durability", "durability_writers_parked").equals("0"));
      clock.forward(101_000);
      long cycles = Long.parseLong(info(client, "stats", "eventloop_cycles"));
      await(() -> Long.parseLong(info(client, "stats", "eventloop_cycles")) > cycles + 50);
      assertThat(client.call("DBSIZE")).isEqualTo(":2\r\n");
      assertThat(client.call("GET", "other")).as("reads go on").isEqualTo("$1\r\nv\r\n");
      syncs.hang = false;
      await(() -> client.call("DBSIZE").equals(":1\r\n"));
      assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void nothingExpiresByItselfWhileClientsArePaused() throws IOException {
    var clock = new ShiftedClock();
    try (var engine = TestEngine.start(folder, clock);
        var client = engine.client()) {
      client.call("SET", "k", "v", "EX", "100");
      client.call("CLIENT", "PAUSE", "1000000", "WRITE");
      clock.forward(101_000);
      long cycles = Long.parseLong(info(client, "stats", "eventloop_cycles"));
      await(() -> Long.parseLong(info(client, "stats", "eventloop_cycles")) > cycles + 50);
      assertThat(client.call("DBSIZE")).isEqualTo(":1\r\n");
      client.call("CLIENT", "UNPAUSE");
      await(() -> client.call("DBSIZE").equals(":0\r\n"));
    }
  }

  @Test
  void withoutEvictionWritesAreRefusedAndReadsAndDeletionsGoOn() throws IOException {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("SET", "k", "v");
      client.call("CONFIG", "SET", "maxmemory", "1");
      assertThat(client.call("SET", "k", "w"))
          .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
      assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
      client.call("MULTI");
      assertThat(client.call("GET", "k")).startsWith("-OOM");
      assertThat(client.call("EXEC")).startsWith("-EXECABORT");
      assertThat(client.call("DEL", "k")).isEqualTo(":1\r\n");
    }
  }

  @Test
  void aTransactionThatWasQueuedBeforeMemoryRanOutDoesNotRun() throws IOException {
    try (var engine = TestEngine.start(folder);
        var client = engine.client();
        var other = engine.client()) {
      client.call("MULTI");
      client.call("SET", "k", "v");
      other.call("CONFIG", "SET", "maxmemory", "1");
      assertThat(client.call("EXEC"))
          .isEqualTo(
              "-EXECABORT Transaction discarded because of: OOM command not allowed when used"
                  + " memory > 'maxmemory'.\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allkeys-lru",
        "allkeys-lfu",
        "allkeys-random",
        "volatile-lru",
        "volatile-lfu",
        "volatile-random",
        "volatile-ttl"
      })
  void evictionKeepsMemoryUnderItsLimit(String policy) throws IOException {
    try (var engine = TestEngine.start(folder, "--maxmemory", "4mb", "--maxmemory-policy", policy);
        var client = engine.client()) {
      for (int i = 0; i < 20_000; i++) {
        assertThat(client.call("SET", "key:" + i, "x".repeat(300), "EX", "100000"))
            .isEqualTo("+OK\r\n");
      }
      assertThat(Long.parseLong(info(client, "memory", "used_memory"))).isLessThan(5 << 20);
      assertThat(Long.parseLong(info(client, "stats", "evicted_keys"))).isGreaterThan(1000);
    }
  }

  @Test
  void aVolatilePolicySparesKeysWithoutExpiry() throws IOException {
    try (var engine = TestEngine.start(folder, "--maxmemory-policy", "volatile-lru");
        var client = engine.client()) {
      for (int i = 0; i < 100; i++) {
        client.call("SET", "volatile:" + i, "x", "EX", "1000");
        client.call("SET", "stays:" + i, "x");
      }
      client.call("CONFIG", "SET", "maxmemory", "1");
      await(() -> client.call("SET", "k", "v").startsWith("-OOM"));
      client.call("DEL", "k");
      assertThat(client.call("DBSIZE")).isEqualTo(":100\r\n");
    }
  }

  @Test
  void useIsRememberedAsThePolicySays() throws IOException {
    var clock = new ShiftedClock();
    try (var engine = TestEngine.start(folder, clock);
        var client = engine.client()) {
      client.call("SET", "k", "v");
      clock.forward(10_000);
      assertThat(client.call("OBJECT", "IDLETIME", "k")).isEqualTo(":10\r\n");
      client.call("GET", "k");
      assertThat(client.call("OBJECT", "IDLETIME", "k")).isEqualTo(":0\r\n");
      clock.forward(10_000);
      client.call("CLIENT", "NO-TOUCH", "ON");
      client.call("GET", "k");
      assertThat(client.call("OBJECT", "IDLETIME", "k")).isEqualTo(":10\r\n");
      client.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
      client.call("SET", "new", "v");
      assertThat(client.call("OBJECT", "FREQ", "new")).isEqualTo(":5\r\n");
    }
  }

  private static String info(RawClient client, String section, String field) throws IOException {
    for (String line : client.call("INFO", section).split("\r\n")) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    throw new AssertionError("no field " + field + " in INFO " + section);
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
    }
  }
}
