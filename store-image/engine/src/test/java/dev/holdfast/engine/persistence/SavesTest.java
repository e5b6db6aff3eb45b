package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.persistence.Persistence.SaveOnShutdown;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.StorageException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which saves and rewrites run, wait, fail and count; and how fast their files are written. */
class SavesTest {
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();
  private SimServer server;
  private int syncs;

  @BeforeEach
  void start() throws LoadException {
    settings.compression = false;
    server = new SimServer(storage, clock, settings).load(true);
    server.settle();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void fill(int keys, int bytes) {
    for (int i = 0; i < keys; i++) {
      server.execute(i % 3, List.of("SET", "key" + i, "x".repeat(bytes)));
    }
  }

  private void failDumps() {
    storage.fault(
        (_, call, file) -> {
          if (call.equals("create") && file.endsWith("temp-0.rdb")) {
            throw new StorageException(call, file, "No space left on device");
          }
        });
  }

  private void countSyncsOf(String name) {
    storage.fault(
        (_, call, file) -> {
          if (call.equals("sync") && file.endsWith(name)) {
            syncs++;
          }
        });
  }

  /**
   * Milliseconds until what was started is complete, in a loop that turns a hundred times a second.
   */
  private long millisToComplete() {
    long began = clock.wallMillis();
    while (server.persistence.isSnapshotRunning() && clock.wallMillis() - began < 60_000) {
      server.persistence.log().endOfIteration();
      server.persistence.doWork();
      server.stepAgents();
      server.stepAgents();
      clock.advanceMillis(10);
    }
    return clock.wallMillis() - began;
  }

  @Test
  void whatBeginsAtOnceIsUnderWayForTheNextCommandOfThePipeline() {
    assertThat(server.persistence.startRewrite())
        .isEqualTo("Background append only file rewriting started");
    assertThat(server.persistence.info().aofRewriteInProgress()).isTrue();
    assertThat(server.persistence.startRewrite())
        .isEqualTo("ERR Background append only file rewriting already in progress");
    server.settle();
    assertThat(server.persistence.startSave(true)).isEqualTo("Background saving started");
    assertThat(server.persistence.startSave(true))
        .isEqualTo("ERR Background save already in progress");
  }

  @Test
  void inATransactionBothBeginAfterItOneAfterTheOther() {
    assertThat(server.persistence.scheduleRewrite())
        .isEqualTo("Background append only file rewriting scheduled");
    assertThat(server.persistence.scheduleSave()).isEqualTo("Background saving scheduled");
    assertThat(server.persistence.info().aofRewriteScheduled()).isTrue();
    assertThat(server.persistence.isSnapshotRunning()).isFalse();
    server.settle();
    assertThat(server.persistence.info().aofRewrites()).isEqualTo(1);
    assertThat(server.persistence.info().rdbSaves()).isEqualTo(1);
  }

  @Test
  void flushallGivesUpASaveAndWithSavePointsLeavesADumpOfNothing() throws Exception {
    settings.savePoints = List.of(new PersistenceSettings.SavePoint(3600, 1));
    fill(2_000, 500);
    server.persistence.startSave(false);
    server.persistence.doWork();
    server.execute(0, List.of("FLUSHALL"));
    server.persistence.flushed();
    server.settle();
    assertThat(storage.content(SimServer.DIR.resolve("dump.rdb"))).hasSizeLessThan(200);
    assertThat(storage.paths()).noneMatch(path -> path.endsWith("temp-0.rdb"));
    assertThat(server.persistence.info().rdbLastBgsaveOk()).isTrue();
    assertThat(server.persistence.info().rdbChangesSinceLastSave()).isZero();
  }

  @Test
  void aFailedSaveAnswersItsCallerOnlyAndAFailedBackgroundSaveEverybody() {
    settings.savePoints = List.of(new PersistenceSettings.SavePoint(3600, 1));
    failDumps();
    assertThat(server.persistence.save()).isEqualTo("ERR No space left on device");
    assertThat(server.persistence.writeRefusal()).isNull();
    server.persistence.startSave(false);
    server.settle();
    assertThat(server.persistence.info().rdbLastBgsaveOk()).isFalse();
    assertThat(server.persistence.writeRefusal()).startsWith("MISCONF");
  }

  @Test
  void afterAFailureAScheduledSaveWaitsFiveSecondsAndACommandDoesNot() {
    failDumps();
    server.persistence.startSave(false);
    server.settle();
    storage.fault((_, _, _) -> {});
    server.persistence.scheduleSave();
    server.settle();
    assertThat(server.persistence.info().rdbSaves()).isEqualTo(1);
    clock.advanceMillis(5_000);
    server.settle();
    assertThat(server.persistence.info().rdbLastBgsaveOk()).isTrue();
    assertThat(server.persistence.info().rdbSaves()).isEqualTo(2);
  }

  @Test
  void whenTheDumpCannotBeWrittenAtTheEndTheLogGoesOn() throws Exception {
    fill(2_000, 500);
    failDumps();
    server.persistence.startRewrite();
    assertThat(server.persistence.shutdown(SaveOnShutdown.SAVE))
        .isEqualTo("No space left on device");
    server.execute(0, List.of("SET", "after", "1"));
    server.settle();
    try (var next = new SimServer(storage.afterKill(), clock, settings).load(true)) {
      assertThat(next.contents()).containsKey("0/after").hasSize(2_001);
    }
  }

  @Test
  void aRewriteIsSyncedEveryFourMebibytesUnlessToldOtherwise() {
    fill(1_000, 20_000);
    countSyncsOf("temp-rewriteaof-bg-0.aof");
    server.persistence.startRewrite();
    server.settle();
    assertThat(syncs).isBetween(5, 6);
    syncs = 0;
    settings.rewriteIncrementalFsync = false;
    server.persistence.startRewrite();
    server.settle();
    assertThat(syncs).isEqualTo(1);
  }

  @Test
  void aSaveIsSyncedEveryFourMebibytesUnlessToldOtherwise() {
    fill(1_000, 20_000);
    countSyncsOf("temp-0.rdb");
    server.persistence.startSave(false);
    server.settle();
    assertThat(syncs).isBetween(5, 6);
    syncs = 0;
    settings.saveIncrementalFsync = false;
    server.persistence.startSave(false);
    server.settle();
    assertThat(syncs).isEqualTo(1);
  }

  @Test
  void aRateLimitMakesARewriteTakeItsTimeAndSaysHowMuchIsLeft() {
    fill(1_000, 10_000);
    settings.snapshotRateLimit = 1_000_000;
    server.persistence.startRewrite();
    for (int i = 0; i < 300; i++) {
      server.persistence.doWork();
      server.stepAgents();
      clock.advanceMillis(10);
    }
    assertThat(server.persistence.info().snapshotEtaSec()).isBetween(4L, 8L);
    assertThat(server.persistence.info().currentForkPerc()).isBetween(20.0, 50.0);
    assertThat(millisToComplete()).isBetween(5_000L, 8_000L);
    assertThat(server.persistence.info().snapshotEtaSec()).isEqualTo(-1);
  }

  @Test
  void aLimitDoesNotSlowASaveThatEverybodyWaitsFor() {
    fill(1_000, 10_000);
    settings.snapshotRateLimit = 1;
    server.persistence.startRewrite();
    long began = clock.wallMillis();
    assertThat(server.persistence.save()).isNull();
    assertThat(clock.wallMillis() - began).isZero();
  }

  @Test
  void theRateLimitOfARunningRewriteChangesAtOnce() {
    fill(1_000, 10_000);
    settings.snapshotRateLimit = 1;
    server.persistence.startRewrite();
    server.persistence.doWork();
    settings.snapshotRateLimit = 0;
    assertThat(millisToComplete()).isLessThan(2_000);
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
  }
}
