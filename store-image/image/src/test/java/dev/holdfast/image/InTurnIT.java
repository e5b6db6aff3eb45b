package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/**
 * One data folder, opened in turn by our engine, the oldest stock server that the format is
 * promised for and the newest, three times over: what one wrote, the next has.
 */
class InTurnIT {
  private static final int KEYS = 1_000;
  private static final int[] DATABASES = {0, 5};

  /**
   * What a key holds.
   *
   * @param expires as {@code PEXPIRETIME} says it: milliseconds since 1970, or -1 for never
   */
  private record Entry(String value, long expires) {
    Entry plus(String more) {
      return new Entry(value + more, expires);
    }
  }

  private final Random random = new Random(7);
  private Path folder;

  @BeforeEach
  void createFolderThatAllServersReach() throws IOException {
    assumeTrue(
        System.getenv("REDIS7_SERVER") != null
            && System.getenv("VALKEY_SERVER") != null
            && System.getenv("PEER_ROOT") != null,
        "needs the stock servers: REDIS7_SERVER, VALKEY_SERVER, PEER_ROOT");
    folder = Files.createTempDirectory(Path.of(System.getenv("PEER_ROOT"), "tmp"), "in-turn-");
  }

  @AfterEach
  void deleteFolder() throws IOException {
    if (folder != null) {
      try (var files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "aof-use-rdb-preamble {0}")
  @ValueSource(strings = {"yes", "no"})
  void eachServerHasWhatTheOneBeforeItWrote(String preamble) {
    var expected = new TreeMap<String, Entry>();
    for (var turn = 0; turn < 3; turn++) {
      // A base that Valkey 9 wrote is newer than what Redis 7.0 reads, so ours rewrites before that
      // turn.
      ours(expected, preamble, true);
      stock("REDIS7_SERVER", folder, expected, preamble);
      ours(expected, preamble, false);
      stock(
          "VALKEY_SERVER",
          Path.of("/").resolve(Path.of(System.getenv("PEER_ROOT")).relativize(folder)),
          expected,
          preamble);
    }
    ours(expected, preamble, false);
  }

  private void ours(Map<String, Entry> expected, String preamble, boolean rewriteAtTheEnd) {
    turn(ServerProcess.ours(), folder, expected, preamble, rewriteAtTheEnd);
  }

  private void stock(String variable, Path seen, Map<String, Entry> expected, String preamble) {
    turn(Path.of(System.getenv(variable)), seen, expected, preamble, random.nextBoolean());
  }

  private void turn(
      Path program,
      Path seen,
      Map<String, Entry> expected,
      String preamble,
      boolean rewriteAtTheEnd) {
    try (var server =
        ServerProcess.start(
            program,
            seen,
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--aof-use-rdb-preamble",
            preamble)) {
      try (var client = server.connect()) {
        assertThat(contents(client))
            .as("what %s loaded", program.getFileName())
            .isEqualTo(expected);
        write(client, expected);
        if (rewriteAtTheEnd) {
          rewrite(client);
          write(client, expected);
        }
        assertThat(contents(client)).isEqualTo(expected);
      }
      assertThat(server.terminate())
          .as("exit code of %s, log:%n%s", program, server.log())
          .isZero();
    }
  }

  private void write(Jedis client, Map<String, Entry> expected) {
    for (var database : DATABASES) {
      client.select(database);
      write(client, database + "/", expected);
    }
  }

  /** Some of the commands alone, most with others in flight, so that they share a sync. */
  private void write(Jedis client, String database, Map<String, Entry> expected) {
    var pipeline = client.pipelined();
    for (var i = 0; i < KEYS; i++) {
      var key = "key:" + random.nextInt(KEYS * 2);
      switch (random.nextInt(7)) {
        case 0 -> {
          pipeline.del(key);
          expected.remove(database + key);
        }
        case 1 -> {
          pipeline.append(key, "+");
          expected.compute(
              database + key, (_, old) -> old == null ? new Entry("+", -1) : old.plus("+"));
        }
        case 2 -> {
          var value = Integer.toString(random.nextInt());
          var expires = System.currentTimeMillis() + 86_400_000 + random.nextInt(1_000_000);
          pipeline.set(key, value, SetParams.setParams().pxAt(expires));
          expected.put(database + key, new Entry(value, expires));
        }
        case 3 -> {
          pipeline.sync();
          var transaction = client.multi();
          transaction.set(key, "in");
          transaction.append(key, " transaction");
          transaction.exec();
          expected.put(database + key, new Entry("in transaction", -1));
        }
        case 4 -> {
          pipeline.persist(key);
          expected.computeIfPresent(database + key, (_, old) -> new Entry(old.value(), -1));
        }
        default -> {
          var value = "v".repeat(random.nextInt(300)) + random.nextInt();
          pipeline.set(key, value);
          expected.put(database + key, new Entry(value, -1));
        }
      }
      if (random.nextInt(12) == 0) {
        pipeline.sync();
      }
    }
    pipeline.sync();
  }

  private static void rewrite(Jedis client) {
    client.bgrewriteaof();
    Awaitility.await("the rewrite ends")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(30))
        .until(() -> !isRewriting(client.info("persistence")));
    assertThat(client.info("persistence")).contains("aof_last_bgrewrite_status:ok");
  }

  private static boolean isRewriting(String info) {
    return info.contains("aof_rewrite_in_progress:1") || info.contains("aof_rewrite_scheduled:1");
  }

  private static Map<String, Entry> contents(Jedis client) {
    var contents = new TreeMap<String, Entry>();
    for (var database : DATABASES) {
      client.select(database);
      var keys = client.keys("*").toArray(String[]::new);
      var values = keys.length == 0 ? List.<String>of() : client.mget(keys);
      var pipeline = client.pipelined();
      var expires = Arrays.stream(keys).map(pipeline::pexpireTime).toList();
      pipeline.sync();
      for (var i = 0; i < keys.length; i++) {
        contents.put(database + "/" + keys[i], new Entry(values.get(i), expires.get(i).get()));
      }
    }
    return contents;
  }
}
