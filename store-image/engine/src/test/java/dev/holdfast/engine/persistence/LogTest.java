package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the log writes, when it syncs, and what that means for replies and writers. */
class LogTest {
  private static final String SELECT_0 = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n";
  private static final String SET_A = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
  private static final String SET_B = "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n";
  private static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
  private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();

  {
    settings.aofChecksum = false;
  }

  private final SimStorage storage = new SimStorage();
  private SimServer server;
  private EffectLog log;
  private int syncs;

  private void start(Fsync policy) throws LoadException {
    settings.fsync = policy;
    server = new SimServer(storage, clock, settings).load(true);
    server.settle();
    log = server.persistence.log();
    storage.fault((_, call, file) -> count(call, file, 0));
  }

  private void count(String call, Path file, long syncMillis) {
    if (call.equals("sync") && file.toString().endsWith(".incr.aof")) {
      syncs++;
      clock.advanceMillis(syncMillis);
    }
  }

  /** Each sync of the log takes this long from now on. */
  private void syncsTake(long millis) {
    storage.fault((_, call, file) -> count(call, file, millis));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void set(String key, String value) {
    server.execute(0, List.of("SET", key, value));
  }

  private String written() {
    return new String(
        storage.content(SimServer.FOLDER.resolve("appendonly.aof.1.incr.aof")),
        StandardCharsets.ISO_8859_1);
  }

  @Test
  void aTransactionOfTwoEffectsIsWrappedBehindItsSelect() throws Exception {
    start(Fsync.EVERYSEC);
    log.begin();
    set("a", "1");
    set("b", "2");
    log.end();
    log.endOfIteration();
    assertThat(written()).isEqualTo(SELECT_0 + MULTI + SET_A + SET_B + EXEC);
    assertThat(log.appendedOffset()).isEqualTo(written().length());
  }

  @Test
  void aTransactionOfOneEffectIsNotWrapped() throws Exception {
    start(Fsync.EVERYSEC);
    log.begin();
    set("a", "1");
    log.end();
    log.begin();
    log.end();
    log.endOfIteration();
    assertThat(written()).isEqualTo(SELECT_0 + SET_A);
    assertThat(log.appendedOffset()).isEqualTo(written().length());
  }

  @Test
  void timeStampsComeOncePerSecondAndAreNoEffects() throws Exception {
    settings.timestamps = true;
    start(Fsync.EVERYSEC);
    set("a", "1");
    set("b", "2");
    clock.advanceMillis(1_000);
    log.begin();
    set("a", "1");
    set("b", "2");
    log.end();
    log.endOfIteration();
    assertThat(written())
        .isEqualTo(
            "#TS:1700000000\r\n"
                + SELECT_0
                + SET_A
                + SET_B
                + "#TS:1700000001\r\n"
                + MULTI
                + SET_A
                + SET_B
                + EXEC);
    assertThat(log.appendedOffset()).isEqualTo(written().length() - 32);
  }

  @Test
  void offsetsGrowAlsoWhileTheAofIsOff() throws Exception {
    start(Fsync.EVERYSEC);
    assertThat(server.persistence.appendOnly(false)).isNull();
    set("a", "1");
    log.endOfIteration();
    assertThat(log.appendedOffset()).isEqualTo((SELECT_0 + SET_A).length());
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
  }

  @Test
  void alwaysSyncsInTheSameIterationWhileTheDiskIsFast() throws Exception {
    start(Fsync.ALWAYS);
    set("a", "1");
    set("b", "2");
    log.endOfIteration();
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
    assertThat(syncs).as("one sync for the group").isEqualTo(1);
  }

  @Test
  void alwaysLosesOneSlowSyncToTheCommandThreadAndThenWorksOnTheWritersThread() throws Exception {
    start(Fsync.ALWAYS);
    set("a", "1");
    log.endOfIteration();
    syncsTake(5);
    set("a", "2");
    log.endOfIteration();
    assertThat(server.persistence.info().writerInline()).isFalse();

    long released = log.releasedOffset();
    long before = clock.monotonicNanos();
    set("a", "3");
    set("b", "4");
    log.endOfIteration();
    assertThat(clock.monotonicNanos() - before)
        .as("the command thread goes on")
        .isLessThan(1_000_000);
    assertThat(log.releasedOffset()).as("and the replies wait").isEqualTo(released);
    server.stepAgents();
    log.endOfIteration();
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
  }

  @Test
  void theWorkReturnsToTheCommandThreadWhenTheDiskIsFastAgain() throws Exception {
    start(Fsync.ALWAYS);
    syncsTake(5);
    set("a", "1");
    log.endOfIteration();
    syncsTake(0);
    for (int i = 0; i < 80; i++) {
      set("a", "2");
      log.endOfIteration();
      server.stepAgents();
      clock.advanceMillis(2);
    }
    assertThat(server.persistence.info().writerInline()).isTrue();
  }

  @Test
  void whatComesDuringASyncOfTheWritersThreadIsOneGroupWithThoseThatItAnswers() throws Exception {
    start(Fsync.ALWAYS);
    syncsTake(4);
    set("a", "1");
    log.endOfIteration();
    int before = syncs;
    set("a", "2");
    log.endOfIteration();
    set("b", "during");
    log.endOfIteration();
    server.stepAgents();
    log.endOfIteration();
    assertThat(log.gathers()).isTrue();
    server.stepAgents();
    assertThat(syncs - before).as("the second group is still open").isEqualTo(1);
    set("a", "is back");
    log.endOfIteration();
    assertThat(log.gathers()).isFalse();
    server.stepAgents();
    log.endOfIteration();
    assertThat(syncs - before).as("one sync for both").isEqualTo(2);
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
  }

  @Test
  void aGroupThatWaitsInVainGoesBeforeASyncHasPassed() throws Exception {
    start(Fsync.ALWAYS);
    syncsTake(4);
    set("a", "1");
    log.endOfIteration();
    int before = syncs;
    set("a", "2");
    log.endOfIteration();
    set("b", "during");
    log.endOfIteration();
    server.stepAgents();
    log.endOfIteration();
    clock.advanceMillis(3);
    log.endOfIteration();
    server.stepAgents();
    assertThat(syncs - before).isEqualTo(2);
  }

  @Test
  void everysecWritesAtOnceAndSyncsHalfASecondLater() throws Exception {
    start(Fsync.EVERYSEC);
    set("a", "1");
    log.endOfIteration();
    server.stepAgents();
    assertThat(written()).isEqualTo(SELECT_0 + SET_A);
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
    assertThat(log.durableOffset()).isZero();
    clock.advanceMillis(499);
    log.endOfIteration();
    server.stepAgents();
    assertThat(syncs).isZero();
    clock.advanceMillis(2);
    log.endOfIteration();
    server.stepAgents();
    assertThat(log.durableOffset()).isEqualTo(log.appendedOffset());
  }

  @Test
  void everysecParksWritersOnceASecondIsNotDurableAndNoLonger() throws Exception {
    start(Fsync.EVERYSEC);
    set("a", "1");
    log.endOfIteration();
    clock.advanceMillis(600);
    log.endOfIteration();
    assertThat(log.parkWriters()).isFalse();
    clock.advanceMillis(500);
    assertThat(log.parkWriters()).isTrue();
    server.stepAgents();
    log.endOfIteration();
    assertThat(log.parkWriters()).isFalse();
  }

  @Test
  void noSyncsNever() throws Exception {
    start(Fsync.NO);
    set("a", "1");
    log.endOfIteration();
    clock.advanceMillis(60_000);
    log.endOfIteration();
    server.stepAgents();
    assertThat(syncs).isZero();
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
    assertThat(log.parkWriters()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aCleanShutdownKeepsEverythingUnderEveryPolicy(Fsync policy) throws Exception {
    start(policy);
    set("a", "1");
    assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.IF_CONFIGURED)).isNull();
    var before = server.contents();
    var left = storage.afterPowerCut(new SplittableRandom(3));
    try (var next = new SimServer(left, clock, settings).load(true)) {
      assertThat(next.contents()).isEqualTo(before);
    }
  }

  @Test
  void switchingToAlwaysMakesEarlierEffectsDurable() throws Exception {
    start(Fsync.NO);
    set("a", "1");
    log.endOfIteration();
    settings.fsync = Fsync.ALWAYS;
    log.endOfIteration();
    server.stepAgents();
    assertThat(log.durableOffset()).isEqualTo(log.appendedOffset());
  }

  @Test
  void noAppendfsyncOnRewriteHoldsSyncsBackDuringARewriteAndAlwaysStaysAlways() throws Exception {
    settings.noFsyncOnRewrite = true;
    start(Fsync.EVERYSEC);
    server.persistence.startRewrite();
    server.persistence.doWork();
    set("a", "1");
    log.endOfIteration();
    clock.advanceMillis(3_000);
    log.endOfIteration();
    assertThat(log.parkWriters()).isFalse();
    settings.fsync = Fsync.ALWAYS;
    set("a", "2");
    log.endOfIteration();
    assertThat(log.releasedOffset()).isLessThan(log.appendedOffset());
    server.settle();
    assertThat(log.releasedOffset()).isEqualTo(log.appendedOffset());
  }

  @Test
  void noAppendfsyncOnRewriteHoldsSyncsBackDuringASaveToo() throws Exception {
    settings.noFsyncOnRewrite = true;
    start(Fsync.EVERYSEC);
    set("a", "1");
    log.endOfIteration();
    server.persistence.startSave(false);
    server.persistence.doWork();
    server.persistence.doWork();
    clock.advanceMillis(3_000);
    log.endOfIteration();
    assertThat(log.parkWriters()).isFalse();
    server.settle();
    assertThat(log.durableOffset()).isEqualTo(log.appendedOffset());
  }
}
