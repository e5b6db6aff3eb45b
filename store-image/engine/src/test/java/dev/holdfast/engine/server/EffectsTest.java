package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a command leaves in the log: absolute times, results instead of calculations, nothing for
 * what changed nothing.
 */
class EffectsTest {
  private static final String AT = "32503680000000";

  @TempDir Path folder;

  /** Runs commands on a new engine and answers the effects, one line each, without SELECT. */
  private List<String> logged(String... commands) throws IOException {
    try (var engine = TestEngine.start(folder, "--appendonly", "yes", "--appendfsync", "always");
        var client = engine.client()) {
      for (String command : commands) {
        String reply = client.call(command.split(" ", -1));
        assertThat(reply).as(command).doesNotStartWith("-");
      }
      client.call("WAITAOF", "1", "0", "0");
    }
    return read();
  }

  private List<String> read() throws IOException {
    Path file = folder.resolve("appendonlydir/appendonly.aof.1.incr.aof");
    var effects = new ArrayList<String>();
    String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\r\n");
    for (int i = 0; i < lines.length; ) {
      if (lines[i].startsWith("#")) {
        i++;
        continue;
      }
      int words = Integer.parseInt(lines[i].substring(1));
      var effect = new ArrayList<String>();
      for (int w = 0; w < words; w++) {
        effect.add(lines[i + 2 + 2 * w]);
      }
      i += 1 + 2 * words;
      if (!effect.getFirst().equals("SELECT")) {
        effects.add(String.join(" ", effect));
      }
    }
    return effects;
  }

  @Test
  void aTimeToLiveBecomesATimeOfTheClock() throws IOException {
    List<String> effects =
        logged(
            "SET k v EX 1000",
            "SETEX k 1000 v",
            "PSETEX k 1000000 v",
            "EXPIRE k 1000",
            "GETEX k EX 1000",
            "SET k v PXAT " + AT + " NX GET");
    assertThat(effects).hasSize(5);
    assertThat(effects.subList(0, 3)).allMatch(e -> e.matches("SET k v PXAT \\d{13}"));
    assertThat(effects.subList(3, 5)).allMatch(e -> e.matches("PEXPIREAT k \\d{13}"));
  }

  @Test
  void absoluteTimesStayAsTheyAre() throws IOException {
    assertThat(logged("SET k v PXAT " + AT, "PEXPIREAT k " + AT, "EXPIREAT k 32503680000"))
        .containsExactly("SET k v PXAT " + AT, "PEXPIREAT k " + AT, "PEXPIREAT k " + AT);
  }

  @Test
  void aTimeInThePastIsADeletion() throws IOException {
    assertThat(logged("SET k v", "EXPIRE k -1", "SET k v", "GETEX k PXAT 1"))
        .containsExactly("SET k v", "DEL k", "SET k v", "DEL k");
  }

  @Test
  void sumsWithAFractionAreLoggedAsTheirResult() throws IOException {
    assertThat(logged("INCRBYFLOAT k 10.5", "INCRBYFLOAT k 0.1"))
        .containsExactly("SET k 10.5 KEEPTTL", "SET k 10.6 KEEPTTL");
  }

  @Test
  void readingWritesAreLoggedAsWhatTheyDid() throws IOException {
    assertThat(
            logged(
                "SET k v GET", "GETSET k w", "GETEX k PERSIST", "GETEX k", "GETDEL k", "GETDEL k"))
        .containsExactly("SET k v", "SET k w", "DEL k");
  }

  @Test
  void whatChangesNothingIsNotLogged() throws IOException {
    assertThat(
            logged(
                "DEL missing",
                "SETNX k v",
                "SETNX k w",
                "SET k w NX",
                "SET other w XX",
                "PERSIST k",
                "EXPIRE missing 10",
                "RENAMENX k k",
                "COPY missing x",
                "MOVE missing 1",
                "APPEND k x",
                "GETRANGE k 0 1",
                "UNLINK missing"))
        .containsExactly("SETNX k v", "APPEND k x");
  }

  @Test
  void otherWritesAreLoggedAsTheyCame() throws IOException {
    String[] commands = {
      "SET k 1",
      "INCR k",
      "INCRBY k 5",
      "DECR k",
      "MSET a 1 b 2",
      "SETRANGE k 3 xyz",
      "RENAME k l",
      "COPY l m",
      "MOVE m 1",
      "PERSIST a"
    };
    assertThat(
            logged(
                "SET k 1",
                "INCR k",
                "INCRBY k 5",
                "DECR k",
                "MSET a 1 b 2",
                "SETRANGE k 3 xyz",
                "RENAME k l",
                "COPY l m",
                "MOVE m 1",
                "PERSIST a"))
        .containsExactly(List.of(commands).subList(0, 9).toArray(String[]::new));
  }

  @Test
  void flushesAreLoggedEvenWhenThereWasNothing() throws IOException {
    assertThat(logged("FLUSHDB", "FLUSHALL ASYNC", "SWAPDB 0 1"))
        .containsExactly("FLUSHDB", "FLUSHALL ASYNC", "SWAPDB 0 1");
  }

  @Test
  void aTransactionIsWrappedOnlyWhenItHasTwoEffects() throws IOException {
    assertThat(
            logged(
                "MULTI", "SET k 1", "GET k", "EXEC", "MULTI", "SET k 2", "INCR k", "EXEC", "MULTI",
                "GET k", "EXEC"))
        .containsExactly("SET k 1", "MULTI", "SET k 2", "INCR k", "EXEC");
  }

  @Test
  void theKeyOfAnotherDatabaseIsSelectedFirst() throws IOException {
    logged("SELECT 3", "SET k v");
    String text = Files.readString(folder.resolve("appendonlydir/appendonly.aof.1.incr.aof"));
    assertThat(text).contains("#\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n*3\r\n$3\r\nSET\r\n");
  }

  @Test
  void aKeyThatExpiresIsDeletedInTheLogWhenItIsMet() throws IOException {
    var clock = new ShiftedClock();
    try (var engine = TestEngine.start(folder, clock, "--appendonly", "yes");
        var client = engine.client()) {
      client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
      client.call("SET", "k", "v", "PX", "5000");
      client.call("WAITAOF", "1", "0", "0");
      clock.forward(5_001);
      assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");
    }
    assertThat(read().getLast()).isEqualTo("DEL k");
  }

  @Test
  void whatWasLoggedBringsTheSameKeysBack() throws IOException {
    String before;
    try (var engine = TestEngine.start(folder, "--appendonly", "yes");
        var client = engine.client()) {
      for (int i = 0; i < 100; i++) {
        client.call("SET", "key:" + i, "value " + i);
        client.call("EXPIRE", "key:" + i, Integer.toString(1000 * (i + 1)));
        client.call("INCRBYFLOAT", "float", "0.1");
      }
      client.call("SELECT", "2");
      client.call("SET", "x", "y");
      before = client.call("DEBUG", "DIGEST");
    }
    try (var engine = TestEngine.start(folder, "--appendonly", "yes");
        var client = engine.client()) {
      assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"allkeys-lru", "allkeys-lfu"})
  void aReplacedValueIsReplayedWithAllThatTheCommandDoesToIt(String policy) throws IOException {
    try (var engine =
            TestEngine.start(folder, "--appendonly", "yes", "--maxmemory-policy", policy);
        RawClient client = engine.client()) {
      for (String command :
          List.of(
              "SET timed v PXAT " + AT,
              "SET timed w",
              "SET stays v PXAT " + AT,
              "SET stays w KEEPTTL",
              "APPEND raw 1",
              "SET raw 12",
              "SET number 7",
              "INCR number",
              "SELECT 1",
              "SET other v",
              "MULTI",
              "SET other w",
              "set LOWER x",
              "EXEC")) {
        assertThat(client.call(command.split(" "))).as(command).doesNotStartWith("-");
      }
      String digest = client.call("DEBUG", "DIGEST");
      client.call("SELECT", "0");
      assertThat(client.call("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");
      assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
      assertThat(client.call("PTTL", "timed")).isEqualTo(":-1\r\n");
      assertThat(client.call("PEXPIRETIME", "stays")).isEqualTo(":" + AT + "\r\n");
      assertThat(client.call("OBJECT", "ENCODING", "raw")).contains("int");
      assertThat(client.call("GET", "number")).contains("8");
    }
  }

  @Test
  void aKeyThatIsOftenWrittenIsOftenUsedAfterAReplayToo() throws IOException {
    try (var engine =
            TestEngine.start(
                folder,
                "--appendonly",
                "yes",
                "--maxmemory-policy",
                "allkeys-lfu",
                "--lfu-log-factor",
                "0");
        RawClient client = engine.client()) {
      for (int i = 0; i < 30; i++) {
        client.call("SET", "often", "v");
      }
      assertThat(client.call("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");
      int used = Integer.parseInt(client.call("OBJECT", "FREQ", "often").substring(1).strip());
      assertThat(used).isGreaterThan(20);
    }
  }

  @Test
  void debugReloadsFromDumpAndFromLog() throws IOException {
    try (var engine = TestEngine.start(folder, "--appendonly", "yes");
        RawClient client = engine.client()) {
      client.call("MSET", "a", "1", "b", "2");
      client.call("EXPIRE", "a", "1000");
      String digest = client.call("DEBUG", "DIGEST");
      assertThat(client.call("DEBUG", "RELOAD")).isEqualTo("+OK\r\n");
      assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
      assertThat(client.call("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");
      assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
    }
  }
}
