package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code WAITAOF} and {@code WAIT}, in the words of Redis 7.2. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitsTest {
  private static final String ON_DISK = "*2\r\n:1\r\n:0\r\n";
  private static final String NOT_ON_DISK = "*2\r\n:0\r\n:0\r\n";

  @TempDir Path folder;

  private final HangingSyncs disk = new HangingSyncs();
  private TestEngine engine;
  private RawClient client;
  private RawClient other;

  private void start(String... options) throws IOException {
    engine = TestEngine.start(folder, Clock.system(), disk.storage(), options);
    client = engine.client();
    other = engine.client();
  }

  private void startWith(String policy) throws IOException {
    start("--appendonly", "yes", "--appendfsync", policy);
  }

  @AfterEach
  void stop() throws IOException {
    disk.close();
    client.close();
    other.close();
    engine.close();
  }

  private void clientWaits() {
    eventually(
        "the client waits", () -> other.call("INFO", "clients").contains("blocked_clients:1"));
  }

  @Test
  void aClientWaitsForItsOwnWriteToBeOnTheDisk() throws IOException {
    startWith("everysec");
    disk.hang = true;
    client.call("SET", "k", "v");
    client.send("WAITAOF", "1", "0", "0");
    clientWaits();
    assertThat(client.hasReply()).isFalse();
    disk.hang = false;
    assertThat(client.reply()).isEqualTo(ON_DISK);
  }

  @Test
  void underAlwaysTheWriteHasWaitedItself() throws IOException {
    startWith("always");
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "1", "0", "0")).isEqualTo(ON_DISK);
  }

  @Test
  void underNoTheKernelSyncsWhenItLikes() throws IOException {
    startWith("no");
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "1", "0", "20")).isEqualTo(NOT_ON_DISK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "everysec", "no"})
  void whoWroteNothingWaitsForNothing(String policy) throws IOException {
    startWith(policy);
    assertThat(client.call("WAITAOF", "1", "0", "0")).isEqualTo(ON_DISK);
  }

  @Test
  void writesOfOthersAreNotWaitedFor() throws IOException {
    startWith("everysec");
    disk.hang = true;
    other.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "1", "0", "0")).isEqualTo(ON_DISK);
    assertThat(other.call("WAITAOF", "1", "0", "20")).isEqualTo(NOT_ON_DISK);
  }

  @Test
  void theTimeIsOver() throws IOException {
    startWith("everysec");
    disk.hang = true;
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "1", "0", "20")).isEqualTo(NOT_ON_DISK);
  }

  @Test
  void withoutALocalDiskTheReplyComesAtOnce() throws IOException {
    startWith("everysec");
    disk.hang = true;
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "0", "0", "0")).isEqualTo(NOT_ON_DISK);
  }

  @Test
  void replicasThatDoNotExistAreWaitedForUntilTheTimeIsOver() throws IOException {
    startWith("always");
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "0", "1", "20")).isEqualTo(ON_DISK);
    assertThat(client.call("WAITAOF", "0", "99999999999", "20")).isEqualTo(ON_DISK);
    assertThat(client.call("WAIT", "1", "20")).isEqualTo(":0\r\n");
    assertThat(client.call("WAIT", "0", "0")).isEqualTo(":0\r\n");
  }

  @Test
  void whatIsOnTheDiskStillWaitsForAReplica() throws IOException {
    startWith("always");
    String id = client.call("CLIENT", "ID").substring(1).strip();
    client.call("SET", "k", "v");
    client.send("WAITAOF", "1", "1", "0");
    clientWaits();
    assertThat(other.call("CLIENT", "UNBLOCK", id)).isEqualTo(":1\r\n");
    assertThat(client.reply()).isEqualTo(ON_DISK);
  }

  @Test
  void insideATransactionNothingWaits() throws IOException {
    startWith("everysec");
    disk.hang = true;
    client.call("SET", "k", "v");
    client.call("MULTI");
    client.call("WAITAOF", "1", "1", "0");
    client.call("WAIT", "1", "0");
    assertThat(client.call("EXEC")).isEqualTo("*2\r\n" + NOT_ON_DISK + ":0\r\n");
  }

  @Test
  void whatCameBehindTheWaitRunsAfterIt() throws IOException {
    startWith("everysec");
    disk.hang = true;
    client.call("SET", "k", "v");
    client.send("WAITAOF", "1", "0", "0");
    client.send("DEL", "k");
    clientWaits();
    assertThat(other.call("EXISTS", "k")).isEqualTo(":1\r\n");
    disk.hang = false;
    assertThat(client.reply()).isEqualTo(ON_DISK);
    assertThat(client.reply()).isEqualTo(":1\r\n");
  }

  @Test
  void anotherClientEndsTheWait() throws IOException {
    startWith("everysec");
    String id = client.call("CLIENT", "ID").substring(1).strip();
    disk.hang = true;
    client.call("SET", "k", "v");
    client.send("WAITAOF", "1", "0", "0");
    clientWaits();
    assertThat(other.call("CLIENT", "UNBLOCK", id)).isEqualTo(":1\r\n");
    assertThat(client.reply()).isEqualTo(NOT_ON_DISK);
    client.send("WAITAOF", "1", "0", "0");
    clientWaits();
    assertThat(other.call("CLIENT", "UNBLOCK", id, "ERROR")).isEqualTo(":1\r\n");
    assertThat(client.reply()).isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n");
  }

  @Test
  void withoutAnAofThereIsNoDiskToWaitFor() throws IOException {
    start();
    client.call("SET", "k", "v");
    assertThat(client.call("WAITAOF", "1", "0", "0"))
        .isEqualTo(
            "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n");
    assertThat(client.call("WAITAOF", "0", "0", "0")).isEqualTo(NOT_ON_DISK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WAITAOF 2 0 0 | ERR value is out of range, value must between 0 and 1",
        "WAITAOF -1 0 0 | ERR value is out of range, value must between 0 and 1",
        "WAITAOF x 0 0 | ERR value is not an integer or out of range",
        "WAITAOF 0 x 0 | ERR value is out of range, must be positive",
        "WAITAOF 0 -1 0 | ERR value is out of range, must be positive",
        "WAITAOF 0 0 x | ERR timeout is not an integer or out of range",
        "WAITAOF 0 0 1.5 | ERR timeout is not an integer or out of range",
        "WAITAOF 0 0 -1 | ERR timeout is negative",
        "WAITAOF 0 0 9223372036854775807 | ERR timeout is out of range",
        "WAITAOF 0 0 | ERR wrong number of arguments for 'waitaof' command",
        "WAIT x 0 | ERR value is not an integer or out of range",
        "WAIT 0 x | ERR timeout is not an integer or out of range",
        "WAIT 0 -1 | ERR timeout is negative",
        "WAIT 1 | ERR wrong number of arguments for 'wait' command"
      })
  void wrongNumbersAreRefused(String command, String error) throws IOException {
    startWith("everysec");
    assertThat(client.call(command.split(" "))).isEqualTo("-" + error + "\r\n");
  }
}
