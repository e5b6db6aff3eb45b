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

/** {@code MONITOR}: a line for each command that is executed. */
class MonitorTest {
  @TempDir Path folder;

  private TestEngine engine;
  private RawClient monitor;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    engine = TestEngine.start(folder);
    monitor = engine.client();
    client = engine.client();
    assertThat(monitor.call("MONITOR")).isEqualTo("+OK\r\n");
  }

  @AfterEach
  void stop() throws IOException {
    monitor.close();
    client.close();
    engine.close();
  }

  /** The next line from the database on, without the client's port. */
  private String line() throws IOException {
    String line = monitor.reply().strip();
    assertThat(line).matches("\\+\\d{10}\\.\\d{6} \\[\\d+ 127\\.0\\.0\\.1:\\d+] .*");
    return line.replaceFirst("\\+\\d+\\.\\d+ ", "").replaceFirst(" 127\\.0\\.0\\.1:\\d+", "");
  }

  @Test
  void aLineTellsDatabaseAndWordsAsTheyCame() throws IOException {
    client.call("sEt", "k", "v");
    client.call("SELECT", "3");
    assertThat(line()).isEqualTo("[0] \"sEt\" \"k\" \"v\"");
    assertThat(line()).isEqualTo("[3] \"SELECT\" \"3\"");
  }

  @Test
  void whatCannotBePrintedIsEscaped() throws IOException {
    client.call("GET", "a\"b\\c\n\r\t\u0007\b\0\u007f\u00e9 ");
    assertThat(line()).isEqualTo("[0] \"GET\" \"a\\\"b\\\\c\\n\\r\\t\\a\\b\\x00\\x7f\\xe9 \"");
  }

  @Test
  void aLongValueIsShownWhole() throws IOException {
    String value = "x".repeat(100_000);
    client.call("SET", "k", value);
    assertThat(line()).isEqualTo("[0] \"SET\" \"k\" \"" + value + "\"");
  }

  @Test
  void aTransactionIsShownWhenItRuns() throws IOException {
    client.call("MULTI");
    client.call("SET", "k", "v");
    assertThat(line()).isEqualTo("[0] \"MULTI\"");
    assertThat(monitor.hasReply()).isFalse();
    client.call("EXEC");
    assertThat(line()).isEqualTo("[0] \"SET\" \"k\" \"v\"");
    assertThat(line()).isEqualTo("[0] \"EXEC\"");
  }

  @Test
  void whatIsRefusedOrAdministratesIsNotShown() throws IOException {
    client.call("NOPE");
    client.call("GET");
    client.call("CONFIG", "GET", "port");
    client.call("CLIENT", "LIST");
    client.call("ECHO", "shown");
    assertThat(line()).isEqualTo("[0] \"ECHO\" \"shown\"");
  }

  @Test
  void passwordsAreShownNeitherHereNorInTheSlowLog() throws IOException {
    client.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
    client.call("CONFIG", "SET", "requirepass", "secret");
    client.call("AUTH", "secret");
    client.call("AUTH", "default", "secret");
    client.call("HELLO", "2", "AUTH", "default", "secret", "SETNAME", "me");
    client.call("AUTH", "a", "secret", "c");
    assertThat(line()).isEqualTo("[0] \"AUTH\" \"(redacted)\"");
    assertThat(line()).isEqualTo("[0] \"AUTH\" \"(redacted)\" \"(redacted)\"");
    assertThat(line())
        .isEqualTo("[0] \"HELLO\" \"2\" \"AUTH\" \"(redacted)\" \"(redacted)\" \"SETNAME\" \"me\"");
    assertThat(line()).doesNotContain("secret");
    assertThat(client.call("SLOWLOG", "GET", "-1"))
        .contains("requirepass\r\n$10\r\n(redacted)", "HELLO", "AUTH")
        .doesNotContain("secret");
  }

  @Test
  void aMonitorSeesItsOwnCommandsButTouchesNoKeys() throws IOException {
    assertThat(monitor.call("PING")).isEqualTo("+PONG\r\n");
    assertThat(line()).isEqualTo("[0] \"PING\"");
    assertThat(monitor.call("GET", "k"))
        .isEqualTo("-ERR Replica can't interact with the keyspace\r\n");
    assertThat(monitor.call("SET", "k", "v"))
        .isEqualTo("-ERR Replica can't interact with the keyspace\r\n");
    assertThat(client.call("EXISTS", "k")).isEqualTo(":0\r\n");
  }

  @Test
  void askingAgainChangesNothingAndHasNoReply() throws IOException {
    monitor.send("MONITOR");
    assertThat(monitor.call("PING")).isEqualTo("+PONG\r\n");
    assertThat(line()).isEqualTo("[0] \"PING\"");
    client.call("ECHO", "once");
    client.call("ECHO", "twice");
    assertThat(line()).isEqualTo("[0] \"ECHO\" \"once\"");
    assertThat(line()).isEqualTo("[0] \"ECHO\" \"twice\"");
  }

  @Test
  void resetLeaves() throws IOException {
    assertThat(monitor.call("RESET")).isEqualTo("+RESET\r\n");
    client.call("ECHO", "unseen");
    assertThat(monitor.call("GET", "k")).isEqualTo("$-1\r\n");
  }

  @Test
  void notInsideATransaction() throws IOException {
    client.call("MULTI");
    client.call("MONITOR");
    assertThat(client.call("EXEC"))
        .isEqualTo("*1\r\n-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n");
  }

  @Test
  void theListOfClientsTellsWhoWatches() throws IOException {
    assertThat(client.call("CLIENT", "LIST")).containsOnlyOnce("flags=O");
    monitor.close();
    eventually("the monitor is gone", () -> !client.call("CLIENT", "LIST").contains("flags=O"));
    assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void aMonitorThatDoesNotReadIsClosedAtTheLimitOfItsOutput() throws IOException {
    client.call("CONFIG", "SET", "client-output-buffer-limit", "normal 1mb 0 0");
    String word = "x".repeat(100_000);
    eventually(
        "the monitor is closed",
        () -> {
          client.call("EXISTS", word);
          return !client.call("CLIENT", "LIST").contains("flags=O");
        });
    assertThat(engine.log()).contains("closed ASAP for overcoming of output buffer limits");
  }

  @Test
  void aMonitorIsNeverIdle() throws IOException {
    var clock = new ShiftedClock();
    try (var other = TestEngine.start(Files.createDirectory(folder.resolve("other")), clock);
        var watching = other.client();
        var silent = other.client()) {
      watching.call("MONITOR");
      silent.call("PING");
      silent.call("CONFIG", "SET", "timeout", "10");
      clock.forward(11_000);
      assertThat(silent.isClosed()).isTrue();
      try (var late = other.client()) {
        assertThat(late.call("CLIENT", "LIST")).contains("flags=O");
      }
    }
  }
}
