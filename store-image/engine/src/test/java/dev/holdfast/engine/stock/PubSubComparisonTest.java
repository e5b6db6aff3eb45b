package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels and patterns, byte for byte as stock servers have them. */
class PubSubComparisonTest {
  private static final List<String> CHANNELS =
      List.of(
          "a: SUBSCRIBE one two one",
          "b: PUBLISH one hello",
          "b: PUBLISH three hello",
          "b: SUBSCRIBE one",
          "c: PUBLISH one again",
          "c: PUBSUB CHANNELS t*",
          "c: PUBSUB NUMSUB one two three",
          "c: PUBSUB NUMSUB",
          "a: PSUBSCRIBE t[vw]o t?o *",
          "c: PUBLISH zero message",
          "c: PUBSUB NUMPAT",
          "a: UNSUBSCRIBE one",
          "a: PUNSUBSCRIBE nothing t?o",
          "c: PUBLISH one rest",
          "a: UNSUBSCRIBE",
          "a: UNSUBSCRIBE",
          "a: PUNSUBSCRIBE *",
          "a: PUNSUBSCRIBE",
          "a: PUNSUBSCRIBE",
          "a: GET k",
          "b: RESET",
          "c: PUBLISH one nobody",
          "c: PUBSUB CHANNELS",
          "c: PUBSUB NUMPAT",
          "c: PUBLISH one",
          "c: SUBSCRIBE",
          "c: PUBSUB NUMPAT x",
          "c: PUBSUB CHANNELS x y",
          "c: PUBSUB NOPE",
          "c: PUBSUB");

  private static final List<String> SHARD_CHANNELS =
      List.of(
          "a: SSUBSCRIBE one two",
          "a: SUBSCRIBE one",
          "b: SPUBLISH one message",
          "b: PUBLISH one message",
          "b: PUBSUB SHARDCHANNELS o*",
          "b: PUBSUB SHARDNUMSUB one two three",
          "b: PUBSUB CHANNELS",
          "a: SUNSUBSCRIBE one three",
          "a: SUNSUBSCRIBE",
          "a: SUNSUBSCRIBE",
          "a: UNSUBSCRIBE one",
          "a: ECHO free");

  private static final List<String> CLOSED_IN =
      List.of(
          "a: SUBSCRIBE one",
          "a: GET k",
          "a: CLIENT ID",
          "a: EXEC",
          "a: PUBLISH one x",
          "a: PING",
          "a: PING text",
          "a: PING a b",
          "a: NOPE",
          "a: SUBSCRIBE",
          "a: HELLO 3",
          "a: UNSUBSCRIBE",
          "a: GET k");

  private static final List<String> TRANSACTIONS =
      List.of(
          "a: SUBSCRIBE one",
          "b: MULTI",
          "b: PUBLISH one x",
          "b: SET k v",
          "b: PUBLISH one y",
          "b: EXEC",
          "b: PUBLISH one z");

  private static final List<String> OWN_IN_TRANSACTION =
      List.of(
          "a: SUBSCRIBE one",
          "c: MULTI",
          "c: SUBSCRIBE one",
          "c: PUBLISH one self",
          "c: UNSUBSCRIBE one",
          "c: EXEC",
          "b: PUBLISH one z");

  /** A client that listens to what it says itself. */
  private static final List<String> SELF =
      List.of(
          "a: SUBSCRIBE one",
          "a: PSUBSCRIBE o*",
          "a: PUBLISH one x",
          "a: MULTI",
          "a: PUBLISH one y",
          "a: ECHO end",
          "a: EXEC",
          "a: GET k");

  /** Sends a client's own message in the middle of its reply; Redis 7.2 sends it behind. */
  private static final String MIXES = "REDIS7_SERVER";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"REDIS7_SERVER, 2", "REDIS7_SERVER, 3", "VALKEY_SERVER, 2", "VALKEY_SERVER, 3"})
  void everyClientHearsTheSameBytes(String stock, int protocol) throws IOException {
    try (var theirs = StockServer.start(stock, Path.of("/tmp"));
        var ours = TestEngine.start(folder)) {
      for (var lines : List.of(CHANNELS, SHARD_CHANNELS, TRANSACTIONS)) {
        compare(ours, theirs, protocol, lines);
      }
      if (protocol == 2) {
        compare(ours, theirs, protocol, CLOSED_IN);
      }
      if (!stock.equals(MIXES)) {
        compare(ours, theirs, protocol, OWN_IN_TRANSACTION);
        compare(ours, theirs, 3, SELF);
      }
    }
  }

  private static void compare(TestEngine ours, StockServer theirs, int protocol, List<String> lines)
      throws IOException {
    assertThat(String.join("\n", Conversation.heard(ours.port(), protocol, lines)))
        .isEqualTo(String.join("\n", Conversation.heard(theirs.port(), protocol, lines)));
  }
}
