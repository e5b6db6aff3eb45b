package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client-side caching, byte for byte as stock servers have it. */
class TrackingComparisonTest {
  private static final List<String> READS =
      List.of(
          "a: CLIENT TRACKING on",
          "a: CLIENT TRACKINGINFO",
          "a: CLIENT GETREDIR",
          "a: GET k",
          "b: SET k 1",
          "b: SET k 2",
          "a: MGET k l",
          "b: MSET k 1 l 2 m 3",
          "a: GET k",
          "a: SET k mine",
          "a: EXISTS k l",
          "b: RENAME k l",
          "a: TTL k",
          "b: EXPIRE k 100",
          "b: EXPIRE l 100",
          "a: STRLEN l",
          "b: SELECT 1",
          "b: SET l elsewhere",
          "a: MULTI",
          "a: GET l",
          "a: SET l x",
          "a: EXEC",
          "a: GET k",
          "b: FLUSHDB",
          "a: FLUSHALL",
          "a: CLIENT TRACKING off",
          "a: GET k",
          "b: SELECT 0",
          "b: SET k 3",
          "a: CLIENT TRACKINGINFO",
          "a: CLIENT GETREDIR");

  private static final List<String> CHOSEN =
      List.of(
          "a: CLIENT CACHING YES",
          "a: CLIENT TRACKING on OPTIN",
          "a: GET k",
          "b: SET k 1",
          "a: CLIENT CACHING YES",
          "a: CLIENT TRACKINGINFO",
          "a: GET k",
          "b: SET k 2",
          "a: CLIENT CACHING NO",
          "a: CLIENT CACHING MAYBE",
          "a: CLIENT CACHING YES",
          "a: MULTI",
          "a: GET k",
          "a: GET l",
          "a: EXEC",
          "b: MSET k 3 l 3",
          "a: CLIENT TRACKING on OPTOUT",
          "a: CLIENT TRACKING off",
          "a: CLIENT TRACKING on OPTOUT NOLOOP",
          "a: CLIENT TRACKINGINFO",
          "a: CLIENT CACHING YES",
          "a: CLIENT CACHING NO",
          "a: GET k",
          "a: GET l",
          "a: SET l 4",
          "a: GET l",
          "b: MSET k 4 l 5",
          "a: RESET",
          "a: CLIENT TRACKINGINFO");

  private static final List<String> PREFIXES =
      List.of(
          "a: CLIENT TRACKING on BCAST PREFIX user: PREFIX item:",
          "a: CLIENT TRACKINGINFO",
          "b: SET user:1 x",
          "b: SET other x",
          "b: MSET item:2 x item:1 x user:7 x",
          "a: SET user:2 mine",
          "a: CLIENT TRACKING on BCAST PREFIX user:1",
          "a: CLIENT TRACKING on BCAST PREFIX x PREFIX xy",
          "a: CLIENT TRACKING on BCAST PREFIX more",
          "a: CLIENT TRACKINGINFO",
          "b: SET more x",
          "a: CLIENT TRACKING on",
          "a: CLIENT TRACKING off",
          "b: SET more y",
          "a: CLIENT TRACKING on BCAST NOLOOP",
          "a: CLIENT TRACKINGINFO",
          "a: SET user:2 mine",
          "b: SET user:2 yours",
          "a: FLUSHALL");

  private static final List<String> REDIRECTED =
      List.of(
          "b: SUBSCRIBE __redis__:invalidate",
          "a: CLIENT TRACKING on REDIRECT {b}",
          "a: CLIENT GETREDIR",
          "a: CLIENT TRACKINGINFO",
          "a: GET k",
          "c: SET k v",
          "a: GET k",
          "a: SET k w",
          "c: FLUSHALL",
          "a: GET k",
          "b: close",
          "c: SET k v",
          "a: CLIENT TRACKINGINFO");

  private static final List<String> REFUSED =
      List.of(
          "a: CLIENT TRACKING maybe",
          "a: CLIENT TRACKING on NOPE",
          "a: CLIENT TRACKING on REDIRECT",
          "a: CLIENT TRACKING on REDIRECT x",
          "a: CLIENT TRACKING on REDIRECT 999999",
          "a: CLIENT TRACKING on REDIRECT {b} REDIRECT {b}",
          "a: CLIENT TRACKING on PREFIX x",
          "a: CLIENT TRACKING on BCAST OPTIN",
          "a: CLIENT TRACKING on OPTIN OPTOUT",
          "a: CLIENT TRACKING on",
          "a: CLIENT TRACKING on BCAST",
          "a: CLIENT CACHING YES",
          "b: CLIENT TRACKING",
          "b: CLIENT CACHING");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"REDIS7_SERVER, 2", "REDIS7_SERVER, 3", "VALKEY_SERVER, 2", "VALKEY_SERVER, 3"})
  void everyClientHearsTheSameBytes(String stock, int protocol) throws IOException {
    try (var theirs = StockServer.start(stock, Path.of("/tmp"));
        var ours = TestEngine.start(folder)) {
      for (var lines : List.of(READS, CHOSEN, PREFIXES, REDIRECTED, REFUSED)) {
        assertThat(String.join("\n", Conversation.heard(ours.port(), protocol, lines)))
            .isEqualTo(String.join("\n", Conversation.heard(theirs.port(), protocol, lines)));
      }
    }
  }
}
