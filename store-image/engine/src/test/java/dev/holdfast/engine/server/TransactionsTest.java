package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code MULTI}, and what breaks a {@code WATCH}. */
class TransactionsTest {
  @TempDir Path folder;

  private final ShiftedClock clock = new ShiftedClock();
  private TestEngine engine;
  private RawClient client;
  private RawClient other;

  @BeforeEach
  void start() throws IOException {
    engine = TestEngine.start(folder, clock);
    client = engine.client();
    other = engine.client();
    client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    other.close();
    engine.close();
  }

  private String exec() throws IOException {
    client.call("MULTI");
    client.call("PING");
    return client.call("EXEC");
  }

  private static final String RAN = "*1\r\n+PONG\r\n";
  private static final String BROKEN = "*-1\r\n";

  @Test
  void queuedCommandsRunTogetherAndAnswerTogether() throws IOException {
    client.call("MULTI");
    assertThat(client.call("SET", "k", "1")).isEqualTo("+QUEUED\r\n");
    client.call("INCR", "k");
    client.call("LPUSH", "k", "x");
    assertThat(client.call("EXEC"))
        .isEqualTo("-EXECABORT Transaction discarded because of previous errors.\r\n");
    client.call("MULTI");
    client.call("SET", "k", "x");
    client.call("INCR", "k");
    client.call("GET", "k");
    assertThat(client.call("EXEC"))
        .isEqualTo("*3\r\n+OK\r\n-ERR value is not an integer or out of range\r\n$1\r\nx\r\n");
  }

  @Test
  void theSelectedDatabaseChangesInsideToo() throws IOException {
    client.call("MULTI");
    client.call("SELECT", "1");
    client.call("SET", "k", "v");
    client.call("EXEC");
    assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
    assertThat(other.call("EXISTS", "k")).isEqualTo(":0\r\n");
  }

  @Test
  void aWatchedKeyThatSomebodyChangedBreaksIt() throws IOException {
    client.call("WATCH", "k");
    other.call("SET", "k", "v");
    assertThat(exec()).isEqualTo(BROKEN);
    assertThat(exec()).as("the watch is over").isEqualTo(RAN);
  }

  @Test
  void aChangeOfAnotherKeyOrDatabaseDoesNot() throws IOException {
    client.call("WATCH", "k");
    other.call("SET", "other", "v");
    other.call("SELECT", "1");
    other.call("SET", "k", "v");
    assertThat(exec()).isEqualTo(RAN);
  }

  @Test
  void aWriteThatChangesNothingDoesNot() throws IOException {
    client.call("WATCH", "k");
    other.call("DEL", "k");
    other.call("SET", "k", "v", "XX");
    assertThat(exec()).isEqualTo(RAN);
  }

  @Test
  void unwatchAndDiscardForget() throws IOException {
    client.call("WATCH", "k");
    other.call("SET", "k", "v");
    client.call("UNWATCH");
    assertThat(exec()).isEqualTo(RAN);
    client.call("WATCH", "k");
    client.call("MULTI");
    client.call("DISCARD");
    other.call("SET", "k", "w");
    assertThat(exec()).isEqualTo(RAN);
  }

  @Test
  void flushBreaksTheWatchOfAKeyThatWasThereOnly() throws IOException {
    client.call("WATCH", "missing");
    other.call("FLUSHALL");
    assertThat(exec()).isEqualTo(RAN);
    client.call("SET", "k", "v");
    client.call("WATCH", "k");
    other.call("FLUSHDB");
    assertThat(exec()).isEqualTo(BROKEN);
  }

  @Test
  void swapdbBreaksTheWatchOfAKeyInEitherDatabase() throws IOException {
    other.call("SELECT", "1");
    other.call("SET", "k", "v");
    client.call("WATCH", "k");
    other.call("SWAPDB", "0", "1");
    assertThat(exec()).isEqualTo(BROKEN);
  }

  @Test
  void aKeyThatExpiresAfterItWasWatchedBreaksIt() throws IOException {
    client.call("SET", "k", "v", "PX", "1000");
    client.call("WATCH", "k");
    clock.forward(1_002);
    assertThat(exec()).isEqualTo(BROKEN);
  }

  @Test
  void aKeyThatHadExpiredWhenItWasWatchedDoesNot() throws IOException {
    client.call("SET", "k", "v", "PX", "1000");
    clock.forward(1_002);
    client.call("WATCH", "k");
    other.call("GET", "k");
    assertThat(exec()).isEqualTo(RAN);
  }

  @Test
  void aClientThatLeavesIsForgotten() throws IOException {
    other.call("WATCH", "k");
    other.close();
    client.call("SET", "k", "v");
    assertThat(exec()).isEqualTo(RAN);
  }

  @Test
  void resetEndsATransaction() throws IOException {
    client.call("MULTI");
    assertThat(client.call("RESET")).isEqualTo("+RESET\r\n");
    assertThat(client.call("EXEC")).isEqualTo("-ERR EXEC without MULTI\r\n");
  }
}
