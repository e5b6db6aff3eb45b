package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.Clock;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is asked to end while its disk fails. */
class EndOnABadDiskTest {
  @TempDir Path folder;

  @Test
  void itStaysUntilTheLogIsWholeAgainAndEndsThenByItself() throws Exception {
    try (var disk = new HangingSyncs()) {
      try (var engine =
              TestEngine.start(
                  folder,
                  Clock.system(),
                  disk.storage(),
                  "--appendonly",
                  "yes",
                  "--appendfsync",
                  "always");
          var client = engine.client()) {
        assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
        disk.fail = true;
        assertThat(client.call("SET", "k", "lost?")).startsWith("-MISCONF");
        engine.engine().requestEnd();
        eventually("it says why it stays", () -> engine.log().contains("does not end yet"));
        assertThat(client.call("SHUTDOWN"))
            .isEqualTo("-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
        assertThat(client.call("PING")).isNotEmpty();
        assertThat(engine.engine().ended()).isNotDone();
        disk.fail = false;
        assertThat(engine.engine().ended().get(30, TimeUnit.SECONDS)).isZero();
      }
    }
    try (var engine = TestEngine.start(folder, "--appendonly", "yes");
        var client = engine.client()) {
      assertThat(client.call("EXISTS", "k")).isEqualTo(":1\r\n");
    }
  }

  @Test
  void itEndsWithAnErrorWhenTheLastSyncFailsAndNeverGoesOnWithoutALog() throws Exception {
    try (var disk = new HangingSyncs();
        var engine =
            TestEngine.start(
                folder,
                Clock.system(),
                disk.storage(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "no");
        var client = engine.client()) {
      assertThat(client.call("SET", "k", "v")).isEqualTo("+OK\r\n");
      disk.fail = true;
      engine.engine().requestEnd();
      assertThat(engine.engine().ended().get(30, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(engine.log()).contains("Errors while ending: ");
    }
  }
}
