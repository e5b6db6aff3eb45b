package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.latency.LatencyMonitor;
import dev.holdfast.engine.storage.SimStorage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code INFO durability} and {@code LATENCY} say about the disk and a power cut. */
class DurabilityInfoTest {
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();
  private SimServer server;

  private void start(Fsync policy, boolean appendOnly) throws LoadException {
    settings.fsync = policy;
    server = new SimServer(storage, clock, settings).load(appendOnly);
    server.settle();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void set(String key) {
    server.execute(0, List.of("SET", key, "v"));
    server.persistence.log().endOfIteration();
  }

  private void slow(String call, long millis) {
    storage.fault(
        (_, name, file) -> {
          if (name.equals(call) && file.toString().endsWith(".incr.aof")) {
            clock.advanceMillis(millis);
          }
        });
  }

  @Test
  void underEverysecEverythingSinceTheLastSyncCouldBeLost() throws Exception {
    start(Fsync.EVERYSEC, true);
    set("k");
    clock.advanceMillis(300);
    var info = server.persistence.info();
    assertThat(info.worstLossBytes()).isEqualTo(server.persistence.log().appendedOffset());
    assertThat(info.worstLossMillis()).isEqualTo(300);
    clock.advanceMillis(300);
    server.settle();
    assertThat(server.persistence.info().worstLossBytes()).isZero();
    assertThat(server.persistence.info().worstLossMillis()).isZero();
  }

  @Test
  void underAlwaysNothingThatWasAcknowledgedCouldBeLost() throws Exception {
    start(Fsync.ALWAYS, true);
    slow("sync", 5);
    set("moves the work to the writer's thread");
    set("k");
    assertThat(server.persistence.log().releasedOffset())
        .isLessThan(server.persistence.log().appendedOffset());
    assertThat(server.persistence.info().worstLossBytes()).isZero();
  }

  @Test
  void withoutTheAofEverythingSinceTheLastSaveCouldBeLost() throws Exception {
    start(Fsync.EVERYSEC, false);
    clock.advanceMillis(7_000);
    assertThat(server.persistence.info().worstLossMillis()).isZero();
    set("k");
    assertThat(server.persistence.info().worstLossBytes()).isEqualTo(-1);
    assertThat(server.persistence.info().worstLossMillis()).isEqualTo(7_000);
    assertThat(server.persistence.save()).isNull();
    assertThat(server.persistence.info().worstLossMillis()).isZero();
  }

  @Test
  void percentilesOfSyncsAndTheReasonForTheThreadAreToBeSeen() throws Exception {
    start(Fsync.ALWAYS, true);
    slow("sync", 4);
    set("k");
    var info = server.persistence.info();
    assertThat(info.syncMicros999()).isBetween(4_000.0, 4_600.0);
    assertThat(info.writerInline()).isFalse();
    assertThat(info.writerInlineBecause()).startsWith("a sync takes ");
  }

  @Test
  void everysecLosesOneSlowWriteToTheCommandThreadAndThenWritesOnTheWritersThread()
      throws Exception {
    start(Fsync.EVERYSEC, true);
    set("warm");
    slow("write", 5);
    set("slow");
    long before = clock.monotonicNanos();
    set("k");
    assertThat(clock.monotonicNanos() - before).isLessThan(1_000_000);
    assertThat(server.persistence.info().writerInline()).isFalse();
    server.stepAgents();
    server.persistence.log().endOfIteration();
    assertThat(server.persistence.log().releasedOffset())
        .isEqualTo(server.persistence.log().appendedOffset());
  }

  @Test
  void slowSyncsAndWritesAreEventsFromTheThresholdOn() throws Exception {
    start(Fsync.ALWAYS, true);
    LatencyMonitor monitor = server.persistence.latency();
    slow("sync", 9);
    set("not watched");
    monitor.threshold(10);
    set("below");
    server.settle();
    assertThat(monitor.latest()).isEmpty();
    slow("sync", 12);
    set("k");
    server.settle();
    clock.advanceMillis(2_000);
    slow("sync", 30);
    set("k");
    server.settle();
    assertThat(monitor.latest())
        .singleElement()
        .satisfies(
            latest -> {
              assertThat(latest.event()).isEqualTo("aof-fsync-always");
              assertThat(latest.sample().millis()).isEqualTo(30);
              assertThat(latest.longestMillis()).isEqualTo(30);
            });
    assertThat(monitor.history("aof-fsync-always"))
        .extracting(LatencyMonitor.Sample::millis)
        .containsExactly(12L, 30L);
    assertThat(monitor.forget("aof-fsync-always")).isTrue();
    assertThat(monitor.history("aof-fsync-always")).isEmpty();
  }

  @Test
  void loadingSaysEveryFewSecondsHowFarItIsAndHowLongItWillTake() throws Exception {
    start(Fsync.NO, true);
    for (int i = 0; i < 200; i++) {
      server.execute(0, List.of("SET", "k" + i, "x".repeat(20_000)));
    }
    server.settle();
    server.close();
    server = new SimServer(storage, clock, settings);
    storage.fault(
        (_, call, _) -> {
          if (call.equals("read")) {
            clock.advanceMillis(200);
          }
        });
    server.persistence.beginLoad(true, server.commands);
    var seen = new java.util.ArrayList<PersistenceInfo>();
    while (!server.persistence.loadStep(1)) {
      seen.add(server.persistence.info());
      server.stepAgents();
    }
    assertThat(server.events)
        .anyMatch(
            line ->
                line.matches(
                    "Loading: [0-9.]+% of [0-9]+ bytes, [0-9.]+ MB/s, about [0-9]+ seconds to go"));
    assertThat(seen)
        .anyMatch(info -> info.loadingBytesPerSecond() > 0 && info.loadingEtaSeconds() > 0);
  }
}
