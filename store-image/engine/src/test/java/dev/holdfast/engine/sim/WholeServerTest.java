package dev.holdfast.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.persistence.DeliberateFault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The real loop, commands, reply gate, log writer and snapshot together: no order of their steps,
 * no size of a read or a write and no moment of a power cut makes the server take back what a
 * client was told, or tell what never was.
 *
 * <p>{@code -Dholdfast.sim.minutes=N} goes on for that long; {@code
 * -Dholdfast.sim.replay=SEED/CALL} does one cut again.
 */
class WholeServerTest {
  private static final long SEEDS = 60;
  private static final int CUTS = 2_000;

  @Test
  void nothingThatAClientWasToldIsTakenBack() {
    var replay = System.getProperty("holdfast.sim.replay");
    if (replay != null) {
      var parts = replay.split("/", -1);
      new SimRun(Long.parseLong(parts[0]), disk -> disk, Long.parseLong(parts[1])).run();
      return;
    }
    long start = System.nanoTime();
    long limit = Duration.ofMinutes(Long.getLong("holdfast.sim.minutes", 0)).toNanos();
    int cuts = 0;
    int kills = 0;
    long seed = 0;
    while (seed < SEEDS || System.nanoTime() - start < limit) {
      var run = new SimRun(seed++, disk -> disk, SimRun.ALL_CALLS);
      run.run();
      cuts += run.cuts;
      kills += run.kills;
    }
    System.out.printf("%d seeds: %d power cuts, %d kills%n", seed, cuts, kills);
    assertThat(cuts).isGreaterThanOrEqualTo(CUTS);
  }

  /** The test of the test; other faults were tried by hand. */
  @Test
  void aReplyBeforeItsSyncIsFound() {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < SEEDS; seed++) {
                new SimRun(seed, DeliberateFault.REPLY_BEFORE_SYNC, SimRun.ALL_CALLS).run();
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("after the restart, which was never so")
        .hasMessageContaining("Replay with -Dholdfast.sim.replay=");
  }
}
