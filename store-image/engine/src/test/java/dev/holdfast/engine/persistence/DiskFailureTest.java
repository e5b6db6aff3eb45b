package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.StorageException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that is full, or fails, while the store works. */
class DiskFailureTest {
  private static final String DISK_FULL =
      "MISCONF Errors writing to the AOF file: No space left on device";
  private static final String BAD_DISK =
      "MISCONF Errors writing to the AOF file: Input/output error";

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();
  private SimServer server;

  private void start(Fsync policy) throws LoadException {
    settings.fsync = policy;
    server = new SimServer(storage, clock, settings).load(true);
    server.settle();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private long set(String key) {
    server.execute(0, List.of("SET", key, "0123456789".repeat(10)));
    long offset = server.persistence.log().appendedOffset();
    server.persistence.log().endOfIteration();
    return offset;
  }

  private void waitMillis(long millis) {
    for (long done = 0; done < millis; done += 100) {
      clock.advanceMillis(100);
      server.persistence.cron();
      server.settle();
    }
  }

  private void failing(String call, String file) {
    storage.fault(
        (_, name, path) -> {
          if (name.equals(call) && path.toString().endsWith(file)) {
            throw new StorageException(name, path, "Input/output error");
          }
        });
  }

  private void healed() {
    storage.fault((_, _, _) -> {});
  }

  private void assertSurvives() throws LoadException {
    var before = server.contents();
    var left = storage.afterPowerCut(new SplittableRandom(1));
    try (var next = new SimServer(left, clock, settings).load(true)) {
      assertThat(next.contents()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aFullDiskRefusesWritesAndHealsWithinTwoSecondsOfSpace(Fsync policy) throws Exception {
    start(policy);
    set("before");
    storage.free(60);
    long held = set("cut-short");
    server.stepAgents();
    server.persistence.log().endOfIteration();

    assertThat(server.persistence.writeRefusal()).isEqualTo(DISK_FULL);
    assertThat(server.persistence.info().aofLastWriteOk()).isFalse();
    if (policy == Fsync.ALWAYS) {
      assertThat(server.persistence.log().releasedOffset()).isLessThan(held);
      assertThat(server.persistence.log().failureOfHeld()).isEqualTo(DISK_FULL);
    }

    waitMillis(5_000);
    assertThat(server.persistence.writeRefusal()).isEqualTo(DISK_FULL);

    storage.free(1 << 20);
    waitMillis(2_000);
    assertThat(server.persistence.writeRefusal()).isNull();
    set("after");
    waitMillis(2_000);
    server.settle();
    if (policy != Fsync.NO) {
      assertSurvives();
    }
  }

  private static final String ALMOST_FULL = "MISCONF The disk is almost full";

  private void startWithReserve() throws LoadException {
    settings.diskReserve = 1_000;
    storage.free(1 << 20);
    start(Fsync.EVERYSEC);
    waitMillis(1_000);
    assertThat(server.persistence.info().diskReserveBytes()).isEqualTo(1_000);
    assertThat(server.persistence.growthRefusal()).isNull();
  }

  @Test
  void beforeTheDiskIsFullCommandsThatNeedRoomAreRefusedAndDeletesGoOn() throws Exception {
    startWithReserve();
    set("k");
    waitMillis(2_000);
    storage.free(999);
    waitMillis(600);
    assertThat(server.persistence.growthRefusal()).startsWith(ALMOST_FULL);
    assertThat(server.persistence.writeRefusal()).isNull();
    assertThat(server.persistence.info().diskAlmostFull()).isTrue();
    storage.free(1_000);
    waitMillis(600);
    assertThat(server.persistence.growthRefusal()).isNull();
  }

  @Test
  void onAFullDiskDeletesUseTheReserveUntilItIsUsedUpAndItComesBackWithTheSpace() throws Exception {
    startWithReserve();
    set("k");
    storage.free(0);
    long offset = set("last");
    assertThat(server.persistence.log().releasedOffset()).isEqualTo(offset);
    assertThat(server.persistence.writeRefusal()).isNull();
    assertThat(server.persistence.growthRefusal()).startsWith(ALMOST_FULL);
    assertThat(server.persistence.info().diskReserveBytes()).isZero();

    storage.free(0);
    set("too much");
    assertThat(server.persistence.writeRefusal()).isEqualTo(DISK_FULL);

    storage.free(1 << 20);
    waitMillis(2_000);
    assertThat(server.persistence.writeRefusal()).isNull();
    assertThat(server.persistence.growthRefusal()).isNull();
    assertThat(server.persistence.info().diskReserveBytes()).isEqualTo(1_000);
    assertSurvives();
  }

  @Test
  void aRewriteMayUseTheReserve() throws Exception {
    startWithReserve();
    for (int i = 0; i < 20; i++) {
      set("k");
    }
    waitMillis(1_000);
    storage.free(300);
    waitMillis(600);
    assertThat(server.persistence.growthRefusal()).isNotNull();
    server.persistence.startRewrite();
    waitMillis(1_000);
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
    assertThat(server.persistence.growthRefusal()).as("the old files are gone").isNull();
    assertThat(server.persistence.info().diskReserveBytes()).isEqualTo(1_000);
  }

  @Test
  void theReserveTakesNoMoreThanATwentiethOfASmallDisk() throws Exception {
    settings.diskReserve = 16 << 20;
    storage.free(100_000);
    start(Fsync.EVERYSEC);
    waitMillis(1_000);
    assertThat(server.persistence.info().diskReserveBytes()).isBetween(4_000L, 5_000L);
    settings.diskReserve = 0;
    waitMillis(1_000);
    assertThat(server.persistence.info().diskReserveBytes()).isZero();
    assertThat(storage.exists(SimServer.DIR.resolve("holdfast/reserve"))).isFalse();
  }

  @Test
  void whatAFullDiskCutShortIsRemovedFromTheFile() throws Exception {
    start(Fsync.EVERYSEC);
    set("before");
    var incr = SimServer.FOLDER.resolve("appendonly.aof.1.incr.aof");
    int size = storage.content(incr).length;
    storage.free(60);
    set("cut-short");
    assertThat(storage.content(incr)).hasSize(size);
  }

  @Test
  void underEverysecHeldRepliesGetTheErrorOnceAndReadsGoOn() throws Exception {
    start(Fsync.EVERYSEC);
    storage.free(0);
    long held = set("k");
    var log = server.persistence.log();
    assertThat(log.failureOfHeld()).isEqualTo(DISK_FULL);
    assertThat(log.releasedOffset()).isLessThan(held);
    log.endOfIteration();
    assertThat(log.releasedOffset()).isEqualTo(held);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fsync.class,
      names = {"ALWAYS", "EVERYSEC"})
  void afterAFailedSyncTheFileIsNotTrustedAndARewriteHeals(Fsync policy) throws Exception {
    start(policy);
    set("before");
    waitMillis(2_000);
    failing("sync", ".incr.aof");
    long held = set("k");
    clock.advanceMillis(600);
    server.persistence.log().endOfIteration();
    server.stepAgents();
    server.persistence.log().endOfIteration();
    assertThat(server.persistence.writeRefusal()).isEqualTo(BAD_DISK);
    if (policy == Fsync.ALWAYS) {
      assertThat(server.persistence.log().releasedOffset()).isLessThan(held);
    }

    // The old file's dropped pages stay lost, although its syncs succeed again.
    healed();
    waitMillis(60_000);
    assertThat(server.persistence.writeRefusal()).isNull();
    assertThat(server.persistence.log().failureOfHeld()).isNull();
    long after = set("after");
    waitMillis(2_000);
    assertThat(server.persistence.log().releasedOffset()).isEqualTo(after);
    assertThat(server.persistence.log().durableOffset()).isEqualTo(after);
    assertSurvives();
  }

  /** The next process sees the same cached pages, which no later sync brings to the disk. */
  @ParameterizedTest
  @EnumSource(
      value = Fsync.class,
      names = {"ALWAYS", "EVERYSEC"})
  void pagesWhoseSyncFailedAreNotTrustedByTheProcessAfterAKillEither(Fsync policy)
      throws Exception {
    start(policy);
    set("before");
    waitMillis(2_000);
    failing("sync", ".incr.aof");
    set("k");
    clock.advanceMillis(600);
    server.persistence.log().endOfIteration();
    server.stepAgents();

    var killed = storage.afterKill();
    try (var next = new SimServer(killed, clock, settings).load(true)) {
      next.persistence.log().endOfIteration();
      assertThat(next.persistence.writeRefusal()).startsWith("MISCONF").contains("sync failed");
      for (int i = 0; i < 20; i++) {
        clock.advanceMillis(100);
        next.persistence.cron();
        next.settle();
      }
      assertThat(next.persistence.writeRefusal()).isNull();
      var before = next.contents();
      var left = killed.afterPowerCut(new SplittableRandom(5));
      try (var last = new SimServer(left, clock, settings).load(true)) {
        assertThat(last.contents()).isEqualTo(before).containsKeys("0/before", "0/k");
        assertThat(last.persistence.writeRefusal()).as("healed once is healed").isNull();
      }
    }
  }

  @Test
  void aSyncThatKeepsFailingIsTriedAgainWithPauses() throws Exception {
    start(Fsync.ALWAYS);
    storage.fault(
        (_, name, path) -> {
          if (name.equals("sync")) {
            throw new StorageException(name, path, "Input/output error");
          }
        });
    set("k");
    waitMillis(120_000);
    assertThat(server.persistence.writeRefusal()).isEqualTo(BAD_DISK);
    assertThat(server.persistence.info().aofRewritesConsecutiveFailures()).isBetween(4L, 10L);
    assertThat(server.persistence.info().fenced()).isTrue();
  }

  @Test
  void aSnapshotThatCannotBeWrittenLeavesTheOldFilesInForce() throws Exception {
    start(Fsync.EVERYSEC);
    set("before");
    failing("write", "temp-rewriteaof-bg-0.aof");
    server.persistence.startRewrite();
    waitMillis(1_000);
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isFalse();
    assertThat(server.persistence.writeRefusal()).isNull();
    set("after");
    waitMillis(2_000);
    assertThat(storage.paths()).noneMatch(path -> path.toString().contains("temp-"));
    assertSurvives();
  }

  @Test
  void anUncertainManifestIsRepeatedUntilItIsDurable() throws Exception {
    start(Fsync.EVERYSEC);
    set("before");
    server.persistence.startRewrite();
    storage.fault(
        (_, name, path) -> {
          boolean renamed =
              storage.exists(SimServer.FOLDER.resolve("appendonly.aof.2.base.rdb"))
                  && !storage.exists(SimServer.FOLDER.resolve("temp-appendonly.aof.manifest"));
          if (renamed && name.equals("sync directory")) {
            throw new StorageException(name, path, "Input/output error");
          }
        });
    waitMillis(3_000);
    assertThat(server.persistence.info().aofRewriteInProgress()).isTrue();
    assertThat(server.persistence.writeRefusal()).isNull();
    set("meanwhile");

    healed();
    waitMillis(2_000);
    assertThat(server.persistence.info().aofRewriteInProgress()).isFalse();
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
    assertSurvives();
  }

  @Test
  void aFailedSaveRefusesWritesOnlyWithSavePoints() throws Exception {
    start(Fsync.EVERYSEC);
    set("k");
    failing("write", "temp-0.rdb");
    server.persistence.startSave(false);
    waitMillis(500);
    assertThat(server.persistence.writeRefusal()).isNull();
    settings.savePoints = List.of(new PersistenceSettings.SavePoint(3600, 1_000_000));
    assertThat(server.persistence.writeRefusal())
        .startsWith("MISCONF Redis is configured to save RDB snapshots, but it's currently unable");
    healed();
    server.persistence.startSave(false);
    waitMillis(500);
    assertThat(server.persistence.writeRefusal()).isNull();
  }
}
