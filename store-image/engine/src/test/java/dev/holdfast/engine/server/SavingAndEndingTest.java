package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that save, that end the server, and that look at single keys, as an operator sends them.
 */
class SavingAndEndingTest {
  private static final String OK = "+OK\r\n";

  @TempDir Path folder;

  private static long number(String reply) {
    assertThat(reply).startsWith(":");
    return Long.parseLong(reply.substring(1).strip());
  }

  @Test
  void saveWritesASnapshotAndLastSaveSaysWhen() throws Exception {
    var clock = new ShiftedClock();
    try (var engine = TestEngine.start(folder, clock);
        var client = engine.client()) {
      long started = number(client.call("LASTSAVE"));
      client.call("SET", "k", "v");
      clock.forward(7_000);
      assertThat(client.call("SAVE")).isEqualTo(OK);
      assertThat(number(client.call("LASTSAVE"))).isGreaterThanOrEqualTo(started + 7);
      assertThat(folder.resolve("dump.rdb")).isNotEmptyFile();
    }
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
    }
  }

  @Test
  void backgroundSaveAnswersAtOnceAndSavesSoon() throws Exception {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("SET", "k", "v");
      assertThat(client.call("BGSAVE")).isEqualTo("+Background saving started\r\n");
      eventually("saved", () -> Files.exists(folder.resolve("dump.rdb")));
      eventually("ended", () -> info(client).contains("rdb_bgsave_in_progress:0\r\n"));
      assertThat(info(client))
          .contains("rdb_last_bgsave_status:ok\r\n", "rdb_changes_since_last_save:0\r\n");
      assertThat(client.call("BGSAVE", "SCHEDULE")).isEqualTo("+Background saving started\r\n");
      assertThat(client.call("BGSAVE", "NOW")).isEqualTo("-ERR syntax error\r\n");
    }
  }

  private static String info(RawClient client) throws IOException {
    return client.call("INFO", "persistence");
  }

  @ParameterizedTest(name = "SHUTDOWN {0}: a snapshot {1}")
  @CsvSource({"NOSAVE, false", "SAVE, true", "NOSAVE NOW, false", "SAVE FORCE, true", "'', false"})
  void shutdownEndsWithZeroAndSavesWhenAsked(String words, boolean saves) throws Exception {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("SET", "k", "v");
      client.send(("SHUTDOWN " + words).strip().split(" ", -1));
      assertThat(engine.engine().ended().get(10, TimeUnit.SECONDS)).isZero();
      assertThat(Files.exists(folder.resolve("dump.rdb"))).isEqualTo(saves);
    }
  }

  @ParameterizedTest(name = "SHUTDOWN {0} with save points: a snapshot {1}")
  @CsvSource({"'', true", "NOSAVE, false"})
  void shutdownWithSavePointsSavesUnlessToldNotTo(String words, boolean saves) throws Exception {
    try (var engine = TestEngine.start(folder, "--save", "3600 1000");
        var client = engine.client()) {
      client.call("SET", "k", "v");
      client.send(("SHUTDOWN " + words).strip().split(" ", -1));
      assertThat(engine.engine().ended().get(10, TimeUnit.SECONDS)).isZero();
      assertThat(Files.exists(folder.resolve("dump.rdb"))).isEqualTo(saves);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAVE NOSAVE", "ABORT NOW", "ABORT SAVE", "LATER"})
  void shutdownWithWordsThatDoNotGoTogetherIsASyntaxError(String words) throws Exception {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      assertThat(client.call(("SHUTDOWN " + words).split(" ", -1)))
          .isEqualTo("-ERR syntax error\r\n");
      assertThat(client.call("SHUTDOWN", "ABORT")).isEqualTo("-ERR No shutdown in progress.\r\n");
      assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void aSaveThatFailsKeepsTheServerUnlessItIsForcedToEnd() throws Exception {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("SET", "k", "v");
      Files.createDirectories(folder.resolve("dump.rdb/in-the-way"));
      assertThat(client.call("SAVE")).startsWith("-ERR");
      assertThat(client.call("SHUTDOWN", "SAVE"))
          .isEqualTo("-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
      assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
      client.send("SHUTDOWN", "SAVE", "FORCE");
      assertThat(engine.engine().ended().get(10, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void memoryUsageOfAKeyCountsItsValue() throws Exception {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("SET", "small", "v");
      client.call("SET", "large", "x".repeat(100_000));
      long small = number(client.call("MEMORY", "USAGE", "small"));
      long large = number(client.call("MEMORY", "USAGE", "large", "SAMPLES", "5"));
      assertThat(small).isBetween(6L, 200L);
      assertThat(large - small).isBetween(99_000L, 150_000L);
    }
  }

  @Test
  void aRandomKeyIsOneOfTheKeysAndEachComes() throws Exception {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      assertThat(client.call("RANDOMKEY")).isEqualTo("$-1\r\n");
      client.call("MSET", "a", "1", "b", "2", "c", "3");
      var seen = new TreeSet<String>();
      for (int i = 0; i < 1_000; i++) {
        seen.add(client.call("RANDOMKEY"));
      }
      assertThat(seen).containsExactly("$1\r\na\r\n", "$1\r\nb\r\n", "$1\r\nc\r\n");
    }
  }

  @Test
  void theLongestStringFollowsItsDirective() throws Exception {
    try (var engine = TestEngine.start(folder)) {
      try (var client = engine.client()) {
        assertThat(client.call("CONFIG", "SET", "proto-max-bulk-len", "1mb")).isEqualTo(OK);
        assertThat(client.call("SET", "k", "x".repeat(1 << 20))).isEqualTo(OK);
        assertThat(client.call("APPEND", "k", "x"))
            .isEqualTo("-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n");
        client.sendRaw(
            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048577\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.reply()).isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
      }
    }
  }
}
