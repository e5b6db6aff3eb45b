package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rewrites, saves, and switching the append only file at run time. */
class RewriteTest {
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();
  private SimServer server;

  @BeforeEach
  void start() throws LoadException {
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

  private void later(long millis) {
    clock.advanceMillis(millis);
    server.persistence.cron();
    server.settle();
  }

  private void assertComesBack() throws LoadException {
    var before = server.contents();
    try (var next = new SimServer(storage.afterKill(), clock, settings).load(true)) {
      assertThat(next.contents()).isEqualTo(before);
    }
  }

  private String manifest() {
    return new String(
        storage.content(SimServer.FOLDER.resolve("appendonly.aof.manifest")),
        StandardCharsets.UTF_8);
  }

  @Test
  void aRewriteWhileEverythingChangesEndsAndHoldsTheStateOfItsBeginning() throws Exception {
    fill(3_000, 200);
    server.persistence.startRewrite();
    int rounds = 0;
    do {
      for (int i = 0; i < 100; i++) {
        server.execute(i % 3, List.of("APPEND", "key" + (rounds * 100 + i) % 3_000, "+"));
      }
      server.persistence.log().endOfIteration();
      server.persistence.doWork();
      server.stepAgents();
      rounds++;
    } while (server.persistence.info().aofRewriteInProgress() && rounds < 1_000);
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
    assertThat(rounds).isLessThan(1_000);
    server.settle();
    assertComesBack();
  }

  @Test
  void theWalkRestsWhileTheDiskDoesNotKeepUpAndWritersAreParkedOnlyAtTheBound() throws Exception {
    fill(3_000, 10_000);
    server.persistence.log().endOfIteration();
    server.persistence.startRewrite();
    for (int i = 0; i < 200; i++) {
      server.persistence.doWork();
      clock.advanceMillis(1);
    }
    assertThat(server.persistence.info().snapshotQueuedBytes()).isBetween(8L << 20, 9L << 20);
    assertThat(server.persistence.log().parkWriters()).isFalse();
    server.settle();
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
  }

  @Test
  void flushallDuringARewriteIsNotUndoneByIt() throws Exception {
    fill(2_000, 500);
    server.persistence.startRewrite();
    server.persistence.doWork();
    server.execute(0, List.of("FLUSHALL"));
    server.execute(1, List.of("SET", "after", "1"));
    server.settle();
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
    assertThat(server.contents()).containsOnlyKeys("1/after");
    assertComesBack();
  }

  @Test
  void databasesThatAreSwappedDuringARewriteStayWhatTheyAre() throws Exception {
    fill(2_000, 500);
    server.persistence.startRewrite();
    server.persistence.doWork();
    server.execute(0, List.of("SWAPDB", "0", "2"));
    server.execute(0, List.of("APPEND", "key2", "+"));
    server.execute(2, List.of("DEL", "key0"));
    server.settle();
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
    assertThat(server.contents().get("0/key2")).isEqualTo("x".repeat(500) + "+@-1");
    assertComesBack();
  }

  @Test
  void aBaseOfCommandsIsWrittenWhenThePreambleIsOff() throws Exception {
    settings.rdbPreamble = false;
    settings.aofChecksum = false;
    server.execute(1, List.of("SET", "k", "v"));
    server.execute(1, List.of("PEXPIREAT", "k", "1800000000000"));
    server.persistence.startRewrite();
    server.settle();
    assertThat(
            new String(
                storage.content(SimServer.FOLDER.resolve("appendonly.aof.2.base.aof")),
                StandardCharsets.UTF_8))
        .isEqualTo(
            "*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"
                + "*3\r\n$9\r\nPEXPIREAT\r\n$1\r\nk\r\n$13\r\n1800000000000\r\n");
    assertComesBack();
  }

  @Test
  void growthStartsARewriteAboveTheMinimumSize() throws Exception {
    settings.rewriteMinSize = 50_000;
    fill(100, 400);
    later(100);
    assertThat(server.persistence.info().aofRewrites()).isZero();
    fill(100, 400);
    server.settle();
    later(100);
    assertThat(server.persistence.info().aofRewrites()).isEqualTo(1);
    later(1_000);
    assertThat(server.persistence.info().aofRewrites()).isEqualTo(1);
  }

  @Test
  void failedRewritesBackOffFromTheThirdOnAndACommandDoesNotWait() throws Exception {
    settings.rewriteMinSize = 1;
    fill(100, 100);
    storage.fault(
        (_, call, file) -> {
          if (call.equals("create") && file.endsWith("temp-rewriteaof-bg-0.aof")) {
            throw new StorageException(call, file, "No space left on device");
          }
        });
    for (int i = 0; i < 20; i++) {
      later(1_000);
    }
    assertThat(server.persistence.info().aofRewritesConsecutiveFailures()).isEqualTo(3);
    server.persistence.startRewrite();
    server.settle();
    assertThat(server.persistence.info().aofRewritesConsecutiveFailures()).isEqualTo(4);
    storage.fault((_, _, _) -> {});
    later(121_000);
    assertThat(server.persistence.info().aofLastBgrewriteOk()).isTrue();
    assertComesBack();
  }

  @Test
  void rewritesAndSavesExcludeOrQueueEachOther() {
    fill(2_000, 500);
    assertThat(server.persistence.startRewrite())
        .isEqualTo("Background append only file rewriting started");
    server.persistence.doWork();
    assertThat(server.persistence.startRewrite())
        .isEqualTo("ERR Background append only file rewriting already in progress");
    assertThat(server.persistence.startSave(false))
        .startsWith("ERR Another child process is active (AOF?): can't BGSAVE right now");
    assertThat(server.persistence.startSave(true)).isEqualTo("Background saving scheduled");
    server.settle();
    assertThat(server.persistence.info().rdbSaves()).isEqualTo(1);

    assertThat(server.persistence.startSave(false)).isEqualTo("Background saving started");
    server.persistence.doWork();
    assertThat(server.persistence.startSave(false))
        .isEqualTo("ERR Background save already in progress");
    assertThat(server.persistence.startRewrite())
        .isEqualTo("Background append only file rewriting scheduled");
    server.settle();
    assertThat(server.persistence.info().aofRewrites()).isEqualTo(2);
  }

  @Test
  void aSavePointSavesWhenItsTimeAndChangesAreReached() {
    settings.savePoints = List.of(new PersistenceSettings.SavePoint(10, 5));
    fill(4, 10);
    later(20_000);
    assertThat(server.persistence.info().rdbSaves()).isZero();
    fill(1, 10);
    later(100);
    assertThat(server.persistence.info().rdbSaves()).isEqualTo(1);
    assertThat(server.persistence.info().rdbChangesSinceLastSave()).isZero();
    assertThat(storage.exists(SimServer.DIR.resolve("dump.rdb"))).isTrue();
  }

  @Test
  void switchingOffKeepsTheFilesAndSwitchingOnReplacesThem() throws Exception {
    fill(100, 10);
    assertThat(server.persistence.appendOnly(false)).isNull();
    assertThat(server.persistence.info().aofEnabled()).isFalse();
    var old = manifest();
    server.execute(0, List.of("SET", "while-off", "1"));
    server.settle();
    assertThat(manifest()).isEqualTo(old);

    assertThat(server.persistence.appendOnly(true)).isNull();
    assertThat(server.persistence.info().firstBasePending()).isTrue();
    server.execute(0, List.of("SET", "while-pending", "1"));
    server.settle();
    assertThat(server.persistence.info().firstBasePending()).isFalse();
    assertThat(manifest())
        .isEqualTo(
            "file appendonly.aof.2.base.rdb seq 2 type b\n"
                + "file appendonly.aof.2.incr.aof seq 2 type i\n");
    assertComesBack();
  }

  @Test
  void switchingOffDuringARewriteAbandonsIt() throws Exception {
    fill(2_000, 500);
    server.persistence.startRewrite();
    server.persistence.doWork();
    assertThat(server.persistence.appendOnly(false)).isNull();
    server.settle();
    assertThat(storage.paths())
        .noneMatch(path -> path.getFileName().toString().startsWith("temp-"));
    assertComesBack();
  }

  @Test
  void aShutdownDuringARewriteLosesNothing() throws Exception {
    settings.fsync = Fsync.NO;
    fill(2_000, 500);
    server.persistence.startRewrite();
    server.persistence.doWork();
    server.execute(0, List.of("SET", "last", "1"));
    assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE)).isNull();
    assertComesBack();
  }
}
