package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.FillPolicy;
import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Zeros behind the end of the log: where they are, and where they never are. */
class FillAheadTest {
  private static final int STEP = 4_096;

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();

  {
    settings.fsync = Fsync.ALWAYS;
    settings.fillAhead = FillPolicy.YES;
    settings.fillStepBytes = STEP;
  }

  private SimServer start() throws LoadException {
    var server = new SimServer(storage, clock, settings).load(true);
    server.settle();
    return server;
  }

  private static void set(SimServer server, String key) {
    server.execute(0, List.of("SET", key, "1"));
    server.persistence.log().endOfIteration();
    server.settle();
  }

  private static Path file(int number) {
    return SimServer.FOLDER.resolve("appendonly.aof." + number + ".incr.aof");
  }

  private int zerosAtTheEnd(Path file) {
    byte[] content = storage.content(file);
    int zeros = 0;
    while (zeros < content.length && content[content.length - 1 - zeros] == 0) {
      zeros++;
    }
    return zeros;
  }

  @Test
  void zerosLieBehindTheNewestFile() throws Exception {
    try (var server = start()) {
      set(server, "a");

      assertThat(zerosAtTheEnd(file(1))).isBetween(STEP - 200, STEP);
    }
  }

  @Test
  void aCleanStopTakesThemAway() throws Exception {
    try (var server = start()) {
      set(server, "a");
      assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE)).isNull();
    }
    assertThat(zerosAtTheEnd(file(1))).isZero();
  }

  @Test
  void afterACrashTheyAreCutAndNothingIsMissing() throws Exception {
    try (var server = start()) {
      set(server, "a");
      set(server, "b");
    }
    assertThat(zerosAtTheEnd(file(1))).isPositive();

    try (var server = start()) {
      set(server, "c");
      assertThat(server.contents()).containsOnlyKeys("0/a", "0/b", "0/c");
    }
    try (var server = start()) {
      assertThat(server.contents()).containsOnlyKeys("0/a", "0/b", "0/c");
    }
  }

  @Test
  void noManifestNamesASuccessorOfAFileThatEndsInZeros() throws Exception {
    try (var server = start()) {
      set(server, "a");
      var zerosWhenNamed = new ArrayList<Integer>();
      storage.fault(
          (_, call, path) -> {
            if (call.equals("rename") && zerosWhenNamed.isEmpty()) {
              zerosWhenNamed.add(zerosAtTheEnd(file(1)));
            }
          });
      server.persistence.startRewrite();
      server.settle();

      assertThat(zerosWhenNamed).first().isEqualTo(0);
    }
  }

  @Test
  void aFileWithoutLinesIsNeverFilled() throws Exception {
    settings.aofChecksum = false;
    try (var server = start()) {
      set(server, "a");

      assertThat(zerosAtTheEnd(file(1))).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "ALWAYS", mode = EnumSource.Mode.EXCLUDE)
  void otherPoliciesDoNotFill(Fsync policy) throws Exception {
    settings.fsync = policy;
    try (var server = start()) {
      set(server, "a");

      assertThat(zerosAtTheEnd(file(1))).isZero();
    }
  }

  @Test
  void aDiskWithoutRoomForZerosTakesGroupsStill() throws Exception {
    try (var server = start()) {
      storage.free(1_000);
      set(server, "a");
      set(server, "b");

      assertThat(server.persistence.writeRefusal()).isNull();
      assertThat(server.contents()).containsOnlyKeys("0/a", "0/b");
    }
    try (var server = start()) {
      assertThat(server.contents()).containsOnlyKeys("0/a", "0/b");
    }
  }
}
