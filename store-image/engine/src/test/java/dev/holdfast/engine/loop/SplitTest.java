package dev.holdfast.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.net.NetworkKind;
import dev.holdfast.engine.protocol.RandomRequests;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same bytes get the same replies however they are cut on their way, damaged ones too. */
class SplitTest {

  @ParameterizedTest
  @EnumSource(NetworkKind.class)
  void theSameBytesGetTheSameReplies(NetworkKind kind) {
    for (int seed = 0; seed < 150; seed++) {
      byte[] bytes = RandomRequests.bytes(new Random(seed));
      var whole = replies(NetworkKind.SIM, 0, bytes, new int[] {bytes.length});
      var random = new Random(seed);
      int most = random.nextBoolean() ? 3 : 3_000;
      int[] pieces = random.ints(400, 1, most + 1).toArray();
      assertThat(replies(kind, seed, bytes, pieces)).as("seed %d", seed).isEqualTo(whole);
    }
  }

  private static String replies(NetworkKind kind, long seed, byte[] bytes, int[] pieces) {
    try (var harness = new LoopHarness(kind, seed)) {
      var peer = harness.connect();
      int sent = 0;
      for (int i = 0; sent < bytes.length && !peer.ended(); i++) {
        int end = i < pieces.length ? Math.min(bytes.length, sent + pieces[i]) : bytes.length;
        peer.send(Arrays.copyOfRange(bytes, sent, end));
        sent = end;
        harness.step();
      }
      harness.settle();
      return LoopHarness.text(peer) + (peer.ended() ? "closed" : "open");
    }
  }
}
