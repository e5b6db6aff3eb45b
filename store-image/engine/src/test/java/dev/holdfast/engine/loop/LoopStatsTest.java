package dev.holdfast.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoopStatsTest {
  private final LoopStats stats = new LoopStats();

  private void iteration(boolean snapshotRuns, long nanos) {
    stats.snapshotRuns(snapshotRuns);
    stats.busy(nanos);
  }

  @Test
  void theLongestIterationIsKnownSinceTheResetAndBesideTheLastSnapshot() {
    iteration(false, 50);
    iteration(true, 10);
    iteration(true, 30);
    iteration(false, 20);
    iteration(false, 40);
    assertThat(stats.longestNanos()).isEqualTo(50);
    assertThat(stats.longestBesideSnapshotNanos()).isEqualTo(30);
    stats.reset();
    assertThat(stats.longestNanos()).isZero();
    assertThat(stats.longestBesideSnapshotNanos()).isZero();
  }

  @Test
  void theIterationsInWhichASnapshotBeginsAndEndsAreBesideIt() {
    iteration(true, 10);
    iteration(false, 20);
    assertThat(stats.longestBesideSnapshotNanos()).isEqualTo(20);
    iteration(false, 99);
    assertThat(stats.longestBesideSnapshotNanos()).isEqualTo(20);
    iteration(true, 5);
    assertThat(stats.longestBesideSnapshotNanos()).isEqualTo(5);
  }
}
