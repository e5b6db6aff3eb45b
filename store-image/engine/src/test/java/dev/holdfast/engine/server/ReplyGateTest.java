package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What one client hears of what another one wrote, under {@code always}, while the sync of that
 * write hangs.
 */
class ReplyGateTest {
  /** From here on the command thread, which would hang, never syncs by itself. */
  private static final long TOO_SLOW_TO_TRY_MICROS = 1_100;

  @TempDir static Path folder;

  private static final ShiftedClock clock = new ShiftedClock();
  private static final HangingSyncs disk = new HangingSyncs();
  private static TestEngine engine;

  private RawClient writer;
  private RawClient reader;
  private RawClient operator;

  /**
   * @param given commands of the writer that are durable, and after a bar those of the reader
   * @param write commands of the writer whose sync hangs
   * @param read commands of the reader
   * @param replies to what was read
   */
  record Case(String given, String write, String read, boolean held, String replies) {
    @Override
    public String toString() {
      return (given.isEmpty() ? "" : given + ", then ")
          + write
          + (held ? " holds " : " does not hold ")
          + read;
    }
  }

  private static Case held(String given, String write, String read, String replies) {
    return new Case(given, write, read, true, replies);
  }

  private static Case free(String given, String write, String read, String replies) {
    return new Case(given, write, read, false, replies);
  }

  static Stream<Case> missingAndRefused() {
    return Stream.of(
        held("SET k v", "DEL k", "GET k", "$-1"),
        held("SET k v", "DEL k", "EXISTS k", ":0"),
        held("SET k v", "DEL k", "TTL k", ":-2"),
        held("SET k v", "DEL k", "TYPE k", "+none"),
        held("SET k v", "DEL k", "STRLEN k", ":0"),
        held("SET k v", "DEL k", "TOUCH k", ":0"),
        held("SET k v", "DEL k", "MGET other k", "*2 $-1 $-1"),
        held("SET k v", "DEL k", "GETEX k PERSIST", "$-1"),
        held("SET k v", "DEL k", "GETDEL k", "$-1"),
        held("SET k v", "DEL k", "DUMP k", "$-1"),
        held("SET k v", "DEL k", "OBJECT ENCODING k", "$-1"),
        held("SET k v", "DEL k", "MEMORY USAGE k", "$-1"),
        held("SET k v", "DEL k", "DEBUG OBJECT k", "-ERR no such key"),
        held("SET k v", "DEL k", "EXPIRE k 100", ":0"),
        held("SET k v", "DEL k", "SET k w XX", "$-1"),
        held("", "SET k v", "SETNX k w", ":0"),
        held("", "SET k v", "SET k w NX", "$-1"),
        held("", "SET k v", "MSETNX other w k w", ":0"),
        held("SET a v", "SET k v", "RENAMENX a k", ":0"),
        held("SET a v", "SET k v", "COPY a k", ":0"),
        held("", "SET k v", "INCR k", "-ERR value is not an integer or out of range"));
  }

  static Stream<Case> values() {
    return Stream.of(
        held("", "SET k v", "GET k", "$1 v"),
        held("", "SET k v", "GETEX k", "$1 v"),
        held("SET k v EX 100", "PERSIST k", "TTL k", ":-1"),
        held("", "MULTI; SET a 1; SET k 2; EXEC", "GET a", "$1 1"),
        held("", "CLIENT REPLY SKIP; SET k v", "GET k", "$1 v"),
        held("SET a v", "RENAME a k", "GET a", "$-1"),
        held("SET a v", "RENAME a k", "GET k", "$1 v"),
        held("SET a v", "COPY a k", "GET k", "$1 v"),
        held("SET a v|SELECT 1", "COPY a k DB 1", "GET k", "$1 v"),
        held("SET k v", "MOVE k 1", "GET k", "$-1"),
        held("SET k v|SELECT 1", "MOVE k 1", "GET k", "$1 v"),
        free("SET a v", "COPY a k", "GET a", "$1 v"),
        free("SET other v", "SET k v", "GET other", "$1 v"),
        free("", "SET k v", "GET missing", "$-1"),
        free("|SELECT 1", "SET k v", "GET k", "$-1"),
        free("", "SET k v", "PING", "+PONG"));
  }

  static Stream<Case> databases() {
    return Stream.of(
        held("", "SET k v", "DBSIZE", ":1"),
        held("", "SET k v", "SCAN 0", "*2 $1 0 *1 $1 k"),
        held("", "SET k v", "KEYS *", "*1 $1 k"),
        held("", "SET k v", "RANDOMKEY", "$1 k"),
        held("|SELECT 1", "SET k v", "DEBUG DIGEST", null),
        held("SET k v", "FLUSHDB", "GET k", "$-1"),
        held("SET k v", "FLUSHDB", "DBSIZE", ":0"),
        held("SET k v", "FLUSHDB", "SCAN 0", "*2 $1 0 *0"),
        held("SET k v", "FLUSHALL", "RANDOMKEY", "$-1"),
        held("|SELECT 1", "FLUSHALL", "GET k", "$-1"),
        held("SET k v", "SWAPDB 0 1", "GET k", "$-1"),
        held("SET k v|SELECT 1", "SWAPDB 0 1", "GET k", "$1 v"),
        held("SET k v|SELECT 1", "SWAPDB 0 1", "DBSIZE", ":1"),
        free("|SELECT 1", "SET k v", "DBSIZE", ":0"),
        free("|SELECT 2", "SWAPDB 0 1", "GET k", "$-1"),
        free("|SELECT 1", "FLUSHDB", "KEYS *", "*0"),
        free("", "SET k v", "INFO keyspace", null));
  }

  static Stream<Case> transactions() {
    return Stream.of(
        held("|WATCH k; MULTI; PING", "SET k v", "EXEC", "*-1"),
        held("|WATCH other k; MULTI; PING", "SET k v", "EXEC", "*-1"),
        held("SET k v|WATCH k; MULTI; PING", "DEL k", "EXEC", "*-1"),
        held("SET k v|WATCH k; MULTI; PING", "FLUSHALL", "EXEC", "*-1"),
        held("SET k v|WATCH k; MULTI; PING", "SWAPDB 0 1", "EXEC", "*-1"),
        held("SET k v|SELECT 1; WATCH k; MULTI; PING", "SWAPDB 0 1", "EXEC", "*-1"),
        held("|MULTI; GET other; GET k", "SET k v", "EXEC", "*2 $-1 $1 v"),
        free("|WATCH other; MULTI; PING", "SET k v", "EXEC", "*1 +PONG"),
        free("|MULTI; GET other", "SET k v", "EXEC", "*1 $-1"),
        free("|WATCH k; MULTI", "SET k v", "DISCARD", "+OK"),
        free("|MULTI", "SET k v", "GET k", "+QUEUED"));
  }

  /** The key e has expired and nobody asked for it. */
  static Stream<Case> expiredKeys() {
    return Stream.of(
        free("SET e v PX 1", "GET e", "GET e", "$-1"),
        free("SET e v PX 1", "SET k v", "GET e", "$-1"),
        free("SET e v PX 1", "SET k v", "MGET e other", "*2 $-1 $-1"),
        free("SET e v PX 1", "SET k v", "DEL e", ":0"),
        free("SET e v PX 1", "GET e", "DBSIZE", ":0"),
        free("SET e v PX 1000000|WATCH e; MULTI; PING", "GET e", "EXEC", "*-1"),
        held("SET e v PX 1", "SET e w", "GET e", "$1 w"),
        held("SET e v PX 1", "GET e; SET e w", "GET e", "$1 w"));
  }

  /** The first reply that waits holds those behind it, and none before it. */
  static Stream<Case> pipelines() {
    return Stream.of(
        held("", "SET k v", "GET k; PING", "$1 v +PONG"),
        held("", "SET k v", "CLIENT REPLY SKIP; PING; GET k; PING", "$1 v +PONG"),
        free("", "SET k v", "CLIENT REPLY SKIP; GET k; GET other", "$-1"),
        free("", "SET k v", "CLIENT REPLY OFF; GET k; CLIENT REPLY ON; PING", "+OK +PONG"));
  }

  @BeforeAll
  static void start() throws IOException {
    engine =
        TestEngine.start(
            folder, clock, disk.storage(), "--appendonly", "yes", "--appendfsync", "always");
    disk.slow = true;
    try (var client = engine.client()) {
      do {
        client.call("SET", "k", "v");
      } while (Long.parseLong(info(client, "durability_sync_usec")) < TOO_SLOW_TO_TRY_MICROS);
    }
  }

  @AfterAll
  static void stop() {
    disk.close();
    engine.close();
  }

  @BeforeEach
  void connect() throws IOException {
    writer = engine.client();
    reader = engine.client();
    operator = engine.client();
    operator.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    operator.call("FLUSHALL");
  }

  @AfterEach
  void disconnect() throws IOException {
    disk.hang = false;
    writer.close();
    reader.close();
    operator.close();
  }

  @ParameterizedTest
  @MethodSource({
    "missingAndRefused",
    "values",
    "databases",
    "transactions",
    "expiredKeys",
    "pipelines"
  })
  void whatIsNotDurableIsNotHeardOf(Case what) throws IOException {
    String[] given = what.given.split("\\|", -1);
    if (!given[0].isEmpty()) {
      answered(writer, given[0]);
    }
    if (given.length > 1) {
      answered(reader, given[1]);
    }
    clock.forward(what.given.contains("PX") ? 1_000_002 : 0);
    long held = hangWith(what.write);
    send(reader, what.read);
    if (what.held) {
      eventually("the reply is held", () -> held() == held + 1);
      assertThat(reader.hasReply()).isFalse();
      disk.hang = false;
    }
    checkReplies(what);
    if (!what.held) {
      assertThat(held()).isEqualTo(held);
    }
  }

  private void checkReplies(Case what) throws IOException {
    if (what.replies == null) {
      reader.reply();
      return;
    }
    var replies = new StringBuilder();
    while (replies.length() < what.replies.length()) {
      replies
          .append(replies.isEmpty() ? "" : " ")
          .append(reader.reply().strip().replace("\r\n", " "));
    }
    assertThat(replies.toString()).isEqualTo(what.replies);
  }

  @Test
  void repliesBeforeTheOneThatWaitsLeave() throws IOException {
    long held = hangWith("SET k v");
    send(reader, "PING; GET other; GET k; PING");
    assertThat(reader.reply()).isEqualTo("+PONG\r\n");
    assertThat(reader.reply()).isEqualTo("$-1\r\n");
    eventually("the reply is held", () -> held() == held + 1);
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).isEqualTo("$1\r\nv\r\n");
    assertThat(reader.reply()).isEqualTo("+PONG\r\n");
  }

  @Test
  void aMonitorSeesACommandWhenItsReplyLeaves() throws IOException {
    reader.call("MONITOR");
    long held = hangWith("SET k v");
    assertThat(held).as("the writer and the monitor").isEqualTo(2);
    do {
      assertThat(reader.reply()).endsWith("] \"INFO\" \"durability\"\r\n");
    } while (reader.hasReply());
    disk.hang = false;
    assertThat(reader.reply()).endsWith("] \"SET\" \"k\" \"v\"\r\n");
  }

  @Test
  void aMonitorSeesWhatWaitsForNothingAtOnce() throws IOException {
    reader.call("MONITOR");
    disk.hang = true;
    assertThat(writer.call("GET", "other")).isEqualTo("$-1\r\n");
    assertThat(reader.reply()).endsWith("] \"GET\" \"other\"\r\n");
  }

  @Test
  void aMessageWaitsForWhatItsTransactionWrote() throws IOException {
    reader.call("SUBSCRIBE", "news");
    long held = hangWith("MULTI; SET k v; PUBLISH news k; EXEC");
    assertThat(held).as("the writer and the reader").isEqualTo(2);
    send(reader, "PING");
    assertThat(operator.call("PUBLISH", "news", "other")).isEqualTo(":1\r\n");
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).contains("message").contains("\r\nk\r\n");
    assertThat(reader.reply() + reader.reply()).contains("pong", "other");
  }

  @Test
  void aMessageWaitsForWhatItsSenderWroteBefore() throws IOException {
    reader.call("SUBSCRIBE", "news");
    hangWith("SET k v; PUBLISH news k");
    eventually("the message is held", () -> held() == 2);
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).contains("message");
  }

  @Test
  void aMessageThatNothingWrittenCausedLeavesAtOnce() throws IOException {
    reader.call("SUBSCRIBE", "news");
    hangWith("SET k v");
    assertThat(operator.call("PUBLISH", "news", "free")).isEqualTo(":1\r\n");
    assertThat(reader.reply()).contains("free");
  }

  @Test
  void anEventWaitsForTheChangeThatItTellsOf() throws IOException {
    operator.call("CONFIG", "SET", "notify-keyspace-events", "KA");
    reader.call("PSUBSCRIBE", "__key*");
    long held = hangWith("SET k v");
    operator.call("CONFIG", "SET", "notify-keyspace-events", "");
    assertThat(held).as("the writer and the reader").isEqualTo(2);
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).contains("__keyspace@0__:k");
  }

  @Test
  void anEventOfExpiryWaitsForTheRemoval() throws IOException {
    operator.call("SET", "e", "v", "PX", "1");
    clock.forward(1_000_002);
    operator.call("CONFIG", "SET", "notify-keyspace-events", "Ex");
    reader.call("SUBSCRIBE", "__keyevent@0__:expired");
    long held = hangWith("GET e");
    operator.call("CONFIG", "SET", "notify-keyspace-events", "");
    assertThat(held).as("the reader").isEqualTo(1);
    assertThat(writer.reply()).isEqualTo("$-1\r\n");
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).contains("expired");
  }

  @Test
  void anInvalidationWaitsForTheChangeAndHoldsRepliesBehindIt() throws IOException {
    reader.call("HELLO", "3");
    reader.call("CLIENT", "TRACKING", "ON");
    reader.call("GET", "k");
    long held = hangWith("SET k v");
    assertThat(held).as("the writer and the reader").isEqualTo(2);
    send(reader, "PING");
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).startsWith(">2\r\n$10\r\ninvalidate");
    assertThat(reader.reply()).isEqualTo("+PONG\r\n");
  }

  @Test
  void anInvalidationByPrefixWaitsForTheChange() throws IOException {
    reader.call("HELLO", "3");
    reader.call("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "k");
    long held = hangWith("SET k v");
    assertThat(held).as("the writer and the reader").isEqualTo(2);
    assertThat(reader.hasReply()).isFalse();
    disk.hang = false;
    assertThat(reader.reply()).startsWith(">2\r\n$10\r\ninvalidate");
  }

  @Test
  void aMessageToOneselfFollowsTheReplyAndWaitsWithIt() throws IOException {
    writer.call("HELLO", "3");
    writer.call("SUBSCRIBE", "news");
    hangWith("MULTI; SET k v; PUBLISH news k; EXEC");
    for (int i = 0; i < 3; i++) {
      assertThat(writer.reply()).startsWith("+");
    }
    assertThat(writer.hasReply()).isFalse();
    disk.hang = false;
    assertThat(writer.reply()).isEqualTo("*2\r\n+OK\r\n:1\r\n");
    assertThat(writer.reply()).startsWith(">3\r\n$7\r\nmessage");
  }

  /** Sends what waits for the disk, and tells how many clients have replies held then. */
  private long hangWith(String commands) throws IOException {
    long before = Long.parseLong(info(operator, "durability_appended_offset"));
    disk.hang = true;
    send(writer, commands);
    eventually(
        "the write ran",
        () -> Long.parseLong(info(operator, "durability_appended_offset")) > before);
    return held();
  }

  private long held() throws IOException {
    return Long.parseLong(info(operator, "durability_replies_held"));
  }

  private static void answered(RawClient client, String commands) throws IOException {
    for (var command : commands.split("; ")) {
      assertThat(client.call(command.split(" "))).doesNotStartWith("-");
    }
  }

  private static void send(RawClient client, String commands) throws IOException {
    var request = new StringBuilder();
    for (var command : commands.split("; ")) {
      var words = List.of(command.split(" "));
      request.append('*').append(words.size()).append("\r\n");
      words.forEach(
          w -> request.append('$').append(w.length()).append("\r\n").append(w).append("\r\n"));
    }
    client.sendRaw(request.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static String info(RawClient client, String field) throws IOException {
    for (String line : client.call("INFO", "durability").split("\r\n")) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    throw new AssertionError("no field " + field);
  }
}
