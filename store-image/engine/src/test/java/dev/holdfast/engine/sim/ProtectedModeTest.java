package dev.holdfast.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.net.SimPeer;
import dev.holdfast.engine.server.SimEngine;
import dev.holdfast.engine.storage.SimStorage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a password, only clients of the same machine are served. */
class ProtectedModeTest {
  @ParameterizedTest(name = "from here: {0}, protected-mode {1}, password {2}")
  @CsvSource({
    "true, yes, '', +PONG",
    "false, yes, '', -DENIED Redis is running in protected mode",
    "false, no, '', +PONG",
    "false, yes, secret, -NOAUTH Authentication required."
  })
  void whoIsServed(boolean local, String mode, String password, String answer) {
    try (var server =
        new SimEngine(
                new SimStorage(),
                new SteppingClock(1_700_000_000_000L, 1_000),
                1,
                List.of("--protected-mode", mode, "--requirepass", password))
            .peersAreLocal(local)
            .load()) {
      var peer = server.connect();
      peer.send("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 100; i++) {
        server.scheduler.stepAll();
      }
      assertThat(answer(peer)).startsWith(answer);
      assertThat(peer.ended()).isEqualTo(answer.startsWith("-DENIED"));
    }
  }

  private static String answer(SimPeer peer) {
    peer.pump();
    return new String(peer.received(), StandardCharsets.US_ASCII);
  }
}
