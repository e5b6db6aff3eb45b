package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While clients cannot write, the server changes nothing of its own accord either. */
class RestingKeysTest {
  @TempDir Path folder;

  private final ShiftedClock clock = new ShiftedClock();
  private final HangingSyncs disk = new HangingSyncs();
  private TestEngine engine;
  private RawClient client;

  private void start(String... options) throws IOException {
    engine = TestEngine.start(folder, clock, disk.storage(), options);
    client = engine.client();
  }

  @AfterEach
  void stop() throws IOException {
    disk.close();
    eventually(
        "the log is whole, or the server would not end", () -> info("durability_fenced") == 0);
    client.close();
    engine.close();
  }

  /** Until writers are parked because the disk does not sync. */
  private void park() throws IOException {
    disk.hang = true;
    client.call("SET", "unsynced", "v");
    clock.forward(2_000);
    try (var writer = engine.client()) {
      writer.send("SET", "parked", "v");
      eventually("a writer is parked", () -> info("durability_writers_parked") > 0);
    }
  }

  /** That the key, which has expired, counts as missing and is left where it is. */
  private void isMissingAndLeftAlone(String key, int keys) throws IOException {
    long offset = info("durability_appended_offset");
    assertThat(client.call("GET", key)).isEqualTo("$-1\r\n");
    assertThat(client.call("TTL", key)).isEqualTo(":-2\r\n");
    assertThat(client.call("EXISTS", key)).isEqualTo(":0\r\n");
    assertThat(info("durability_appended_offset")).isEqualTo(offset);
    assertThat(info("expired_keys")).isZero();
    assertThat(client.call("DBSIZE")).isEqualTo(":" + keys + "\r\n");
  }

  @Test
  void anExpiredKeyThatIsReadWhileWritersAreParkedIsMissingAndLeftAlone() throws IOException {
    start("--appendonly", "yes");
    client.call("SET", "k", "v", "EX", "100");
    park();
    clock.forward(101_000);
    isMissingAndLeftAlone("k", 2);
    disk.hang = false;
    eventually("it is gone", () -> info("expired_keys") == 1);
    assertThat(client.call("SET", "k", "w", "NX")).isEqualTo("+OK\r\n");
  }

  @Test
  void soIsOneThatIsReadWhileClientsArePaused() throws IOException {
    start("--appendonly", "yes");
    client.call("SET", "k", "v", "EX", "100");
    client.call("WAITAOF", "1", "0", "0");
    client.call("CLIENT", "PAUSE", "1000000", "WRITE");
    clock.forward(101_000);
    isMissingAndLeftAlone("k", 1);
    client.call("CLIENT", "UNPAUSE");
    eventually("it is gone", () -> info("expired_keys") == 1);
  }

  @Test
  void soIsOneThatIsReadWhileTheLogFails() throws IOException {
    start("--appendonly", "yes", "--appendfsync", "always");
    client.call("SET", "k", "v", "EX", "100");
    disk.fail = true;
    assertThat(client.call("SET", "other", "v")).startsWith("-MISCONF");
    clock.forward(101_000);
    assertThat(info("durability_fenced")).isEqualTo(1);
    long offset = info("durability_appended_offset");
    assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");
    assertThat(info("durability_appended_offset")).isEqualTo(offset);
    assertThat(info("expired_keys")).isZero();
    disk.fail = false;
    eventually("it is gone", () -> info("expired_keys") == 1);
  }

  @Test
  void aWriteThatFindsAnExpiredKeyLogsThatItIsGoneFirst() throws IOException {
    start("--appendonly", "yes");
    client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    client.call("SET", "k", "v", "EX", "100");
    client.call("WAITAOF", "1", "0", "0");
    clock.forward(101_000);
    assertThat(client.call("SET", "k", "w", "NX")).isEqualTo("+OK\r\n");
    client.close();
    engine.close();
    start("--appendonly", "yes");
    assertThat(client.call("GET", "k")).isEqualTo("$1\r\nw\r\n");
  }

  @Test
  void nothingIsEvictedWhileWritersAreParked() throws IOException {
    start("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru");
    client.call("SET", "k", "v");
    park();
    client.call("CONFIG", "SET", "maxmemory", "1");
    assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
    assertThat(client.call("DBSIZE")).isEqualTo(":2\r\n");
    assertThat(info("evicted_keys")).isZero();
    disk.hang = false;
    eventually("memory is made free", () -> info("evicted_keys") >= 2);
  }

  private long info(String field) throws IOException {
    for (String line : client.call("INFO", "everything").split("\r\n")) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.substring(field.length() + 1));
      }
    }
    throw new AssertionError("no field " + field);
  }
}
