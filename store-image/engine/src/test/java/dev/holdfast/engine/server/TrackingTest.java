package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events and invalidations that no command asks for, and figures. Those of commands are compared
 * with stock servers in {@code NotificationComparisonTest} and {@code TrackingComparisonTest}.
 */
class TrackingTest {
  @TempDir Path folder;

  private TestEngine engine;
  private RawClient reader;
  private RawClient writer;

  @BeforeEach
  void start() throws IOException {
    engine = TestEngine.start(folder);
    reader = engine.client();
    writer = engine.client();
    reader.call("HELLO", "3");
  }

  @AfterEach
  void stop() throws IOException {
    reader.close();
    writer.close();
    engine.close();
  }

  private static String invalidated(String key) {
    return ">2\r\n$10\r\ninvalidate\r\n*1\r\n$%d\r\n%s\r\n".formatted(key.length(), key);
  }

  @Test
  void aKeyThatExpiresUnaskedIsToldOf() throws IOException {
    writer.call("CONFIG", "SET", "notify-keyspace-events", "Kx");
    reader.call("CLIENT", "TRACKING", "ON");
    reader.call("PSUBSCRIBE", "__keyspace*");
    writer.call("SET", "k", "v", "PX", "50");
    reader.call("GET", "k");
    assertThat(reader.reply()).contains("pmessage", "__keyspace@0__:k", "expired");
    assertThat(reader.reply()).isEqualTo(invalidated("k"));
  }

  @Test
  void aKeyThatIsEvictedIsToldOf() throws IOException {
    writer.call("CONFIG", "SET", "notify-keyspace-events", "Ee");
    reader.call("CLIENT", "TRACKING", "ON");
    reader.call("SUBSCRIBE", "__keyevent@0__:evicted");
    writer.call("SET", "k", "v");
    reader.call("GET", "k");
    writer.call("CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "allkeys-random");
    assertThat(reader.reply()).isEqualTo(invalidated("k"));
    assertThat(reader.reply()).contains("evicted", "\r\nk\r\n");
  }

  @Test
  void theTableGivesUpTheOldestKeyAboveItsLimit() throws IOException {
    writer.call("CONFIG", "SET", "tracking-table-max-keys", "2");
    reader.call("CLIENT", "TRACKING", "ON");
    reader.call("GET", "a");
    reader.call("MGET", "b", "c");
    assertThat(reader.reply()).isEqualTo(invalidated("a"));
    assertThat(writer.call("INFO", "stats")).contains("\r\ntracking_total_keys:2\r\n");
  }

  @Test
  void infoCountsWhatIsTracked() throws IOException {
    reader.call("CLIENT", "TRACKING", "ON");
    reader.call("MGET", "a", "b");
    writer.call("CLIENT", "TRACKING", "ON");
    writer.call("GET", "a");
    try (var prefixed = engine.client()) {
      prefixed.call("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "x", "PREFIX", "y");
      assertThat(writer.call("INFO", "stats"))
          .contains(
              "tracking_total_keys:2\r\ntracking_total_items:3\r\ntracking_total_prefixes:2\r\n");
      assertThat(writer.call("INFO", "clients")).contains("\r\ntracking_clients:3\r\n");
      assertThat(writer.call("CLIENT", "LIST")).contains("flags=t ", "flags=tB ");
    }
    eventually(
        "a client that is gone is tracked no more",
        () -> writer.call("INFO", "clients").contains("\r\ntracking_clients:2\r\n"));
    assertThat(writer.call("INFO", "stats")).contains("tracking_total_prefixes:0\r\n");
  }

  @Test
  void theListShowsARedirectionThatIsBroken() throws IOException {
    try (var target = engine.client()) {
      String id = target.call("CLIENT", "ID").substring(1).strip();
      reader.call("CLIENT", "TRACKING", "ON", "REDIRECT", id);
      assertThat(reader.call("CLIENT", "INFO")).contains("flags=t ", " redir=" + id + " ");
    }
    eventually(
        "the target is gone",
        () -> writer.call("INFO", "clients").contains("connected_clients:2\r\n"));
    reader.call("GET", "k");
    writer.call("SET", "k", "v");
    assertThat(reader.reply()).contains("tracking-redir-broken");
    assertThat(reader.call("CLIENT", "INFO")).contains("flags=tR ");
  }
}
