package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.stock.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels, as far as it is no matter of single replies: those are compared with stock servers in
 * {@code PubSubComparisonTest}.
 */
class PubSubTest {
  @TempDir Path folder;

  private TestEngine engine;
  private RawClient subscriber;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    engine = TestEngine.start(folder, "--appendonly", "yes");
    subscriber = engine.client();
    client = engine.client();
  }

  @AfterEach
  void stop() throws IOException {
    subscriber.close();
    client.close();
    engine.close();
  }

  @Test
  void theListOfClientsCountsSubscriptions() throws IOException {
    subscriber.call("SUBSCRIBE", "a");
    subscriber.call("SUBSCRIBE", "b");
    subscriber.call("PSUBSCRIBE", "c*");
    subscriber.call("SSUBSCRIBE", "d");
    assertThat(client.call("CLIENT", "LIST", "TYPE", "PUBSUB"))
        .containsOnlyOnce("flags=P db=0 sub=2 psub=1 ssub=1");
    subscriber.call("RESET");
    assertThat(client.call("CLIENT", "LIST", "TYPE", "PUBSUB")).isEqualTo("$0\r\n\r\n");
  }

  @Test
  void infoCountsNamesThatHaveSubscribers() throws IOException {
    subscriber.call("SUBSCRIBE", "a");
    subscriber.call("SUBSCRIBE", "b");
    subscriber.call("PSUBSCRIBE", "c*");
    subscriber.call("SSUBSCRIBE", "d");
    assertThat(client.call("INFO", "stats"))
        .contains(
            "\r\npubsub_channels:2\r\n",
            "\r\npubsub_patterns:1\r\n",
            "\r\npubsubshard_channels:1\r\n");
    subscriber.close();
    eventually(
        "its names are forgotten",
        () ->
            client
                .call("INFO", "stats")
                .contains("pubsub_channels:0\r\npubsub_patterns:0\r\npubsubshard_channels:0\r\n"));
  }

  @Test
  void subscribersAreKilledAsAClass() throws IOException {
    subscriber.call("SUBSCRIBE", "a");
    assertThat(client.call("CLIENT", "KILL", "TYPE", "pubsub")).isEqualTo(":1\r\n");
    assertThat(subscriber.isClosed()).isTrue();
    assertThat(client.call("PUBLISH", "a", "x")).isEqualTo(":0\r\n");
  }

  @Test
  void aSubscriberThatDoesNotReadIsClosedAtTheLimitOfItsClass() throws IOException {
    client.call("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 0 0");
    subscriber.call("SUBSCRIBE", "a");
    String message = "x".repeat(100_000);
    eventually(
        "the subscriber is closed", () -> client.call("PUBLISH", "a", message).equals(":0\r\n"));
    assertThat(engine.log())
        .contains("sub=1", "closed ASAP for overcoming of output buffer limits");
  }

  @Test
  void whoWantsNoRepliesStillHearsMessages() throws IOException {
    subscriber.send("CLIENT", "REPLY", "OFF");
    assertThat(subscriber.call("SUBSCRIBE", "a"))
        .isEqualTo("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
    client.call("PUBLISH", "a", "x");
    assertThat(subscriber.reply()).isEqualTo("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n");
  }

  @Test
  void messagesAreNotLogged() throws IOException {
    client.call("PUBLISH", "a", "message");
    client.call("SET", "k", "v");
    var logged = Files.readString(log(), StandardCharsets.ISO_8859_1);
    assertThat(logged).contains("SET").doesNotContain("PUBLISH").doesNotContain("message");
  }

  private Path log() throws IOException {
    try (var files = Files.list(folder.resolve("appendonlydir"))) {
      return files.filter(file -> file.toString().endsWith(".incr.aof")).findFirst().orElseThrow();
    }
  }

  @Test
  void aPauseOfWritersHoldsMessages() throws IOException {
    subscriber.call("SUBSCRIBE", "a");
    client.call("CLIENT", "PAUSE", "100000", "WRITE");
    client.send("PUBLISH", "a", "x");
    try (var other = engine.client()) {
      other.call("PING");
      assertThat(subscriber.hasReply()).isFalse();
      other.call("CLIENT", "UNPAUSE");
    }
    assertThat(client.reply()).isEqualTo(":1\r\n");
    assertThat(subscriber.reply()).contains("message");
  }

  @Test
  void commandInfoIsThatOfRedis7() throws IOException {
    assertThat(client.call("COMMAND", "INFO", "publish").replace("\r\n", " "))
        .contains("+pubsub +loading +stale +fast :0 :0 :0", "+@pubsub +@fast")
        .doesNotContain("replicate");
    assertThat(client.call("COMMAND", "INFO", "ssubscribe").replace("\r\n", " "))
        .contains("+pubsub +noscript +loading +stale :1 :-1 :1", "+@pubsub +@slow", "not_key");
  }
}
