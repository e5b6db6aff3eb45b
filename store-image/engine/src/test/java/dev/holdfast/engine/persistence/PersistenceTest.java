package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersistenceTest {
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private SimStorage storage = new SimStorage();

  private SimServer start() throws LoadException {
    return new SimServer(storage, clock, settings).load(true);
  }

  private String file(String name) {
    return new String(storage.content(SimServer.FOLDER.resolve(name)), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aFirstStartWritesAnEmptyBaseAndAnIncrementalFile() throws Exception {
    try (var server = start()) {
      assertThat(file("appendonly.aof.manifest"))
          .isEqualTo(
              "file appendonly.aof.1.base.rdb seq 1 type b\n"
                  + "file appendonly.aof.1.incr.aof seq 1 type i\n");
      assertThat(file("appendonly.aof.1.base.rdb")).startsWith("REDIS0010");
      assertThat(server.contents()).isEmpty();
    }
  }

  @Test
  void effectsAreInTheFileAfterTheIteration() throws Exception {
    settings.aofChecksum = false;
    try (var server = start()) {
      server.execute(0, List.of("SET", "k", "v"));
      server.persistence.log().endOfIteration();
      assertThat(file("appendonly.aof.1.incr.aof"))
          .isEqualTo("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n");
    }
  }

  @Test
  void aRewriteReplacesBaseAndIncrementalFile() throws Exception {
    try (var server = start()) {
      for (int i = 0; i < 100; i++) {
        server.execute(i % 3, List.of("SET", "k" + i % 10, "v" + i));
      }
      assertThat(server.persistence.startRewrite())
          .isEqualTo("Background append only file rewriting started");
      server.settle();
      assertThat(file("appendonly.aof.manifest"))
          .isEqualTo(
              "file appendonly.aof.2.base.rdb seq 2 type b\n"
                  + "file appendonly.aof.2.incr.aof seq 2 type i\n");
      assertThat(storage.paths()).hasSize(3);
      server.execute(1, List.of("APPEND", "k1", "more"));
      server.settle();
      var before = server.contents();
      storage = storage.afterKill();
      try (var next = start()) {
        assertThat(next.contents()).isEqualTo(before);
      }
    }
  }
}
