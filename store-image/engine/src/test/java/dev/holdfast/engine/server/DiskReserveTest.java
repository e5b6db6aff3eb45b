package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reserve of a whole server, on a real disk. */
class DiskReserveTest {
  @TempDir Path folder;

  @Test
  void aServerWithTheAofKeepsBlocksOfTheSizeThatIsAskedFor() throws Exception {
    try (var engine = TestEngine.start(folder, "--appendonly", "yes", "--aof-disk-reserve", "1mb");
        var client = engine.client()) {
      eventually(
          "the reserve is there",
          () -> client.call("INFO", "durability").contains("disk_reserve_bytes:1048576\r\n"));
      var reserve = folder.resolve("holdfast/reserve");
      assertThat(Files.size(reserve)).isEqualTo(1 << 20);
      assertThat(client.call("INFO", "durability")).contains("disk_almost_full:0\r\n");
      assertThat(client.call("CONFIG", "SET", "aof-disk-reserve", "0")).isEqualTo("+OK\r\n");
      eventually("the reserve is gone", () -> !Files.exists(reserve));
    }
  }
}
