package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.FillPolicy;
import dev.holdfast.engine.aof.Fsync;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power, or kills the process, at every call to the disk of random workloads with rewrites
 * and saves, restarts on what is left, and compares with what was promised: under {@code always}
 * every acknowledged write, under {@code everysec} all but the last second, under every policy a
 * prefix of whole operations, and after a kill every acknowledged write.
 *
 * <p>A failure says how to play it again: {@code -Dholdfast.cuts.replay=POLICY/SEED/CALL}. {@code
 * -Dholdfast.cuts.minutes=60} goes on with new seeds, so long for all policies together.
 */
class CrashTest {
  private static final String REPLAY = "holdfast.cuts.replay";
  private static final int MINUTES = Integer.getInteger("holdfast.cuts.minutes", 0);
  private static final long CUTS_OF_A_POLICY = 70_000;

  @ParameterizedTest
  @EnumSource(Fsync.class)
  @Execution(ExecutionMode.CONCURRENT)
  void whatWasPromisedIsThereAfterAPowerCutAtAnyCall(Fsync policy) throws Exception {
    long start = System.nanoTime();
    long until = start + TimeUnit.MINUTES.toNanos(MINUTES) / Fsync.values().length;
    var count = new CutCount();
    long seed = MINUTES == 0 ? 1 : start >>> 1;
    int runs = 0;
    while (count.cuts() < CUTS_OF_A_POLICY || MINUTES > 0 && System.nanoTime() - until < 0) {
      var run = new CrashRun(policy, seed++, disk -> disk, CrashRun.ALL_CALLS);
      run.run();
      count.add(run.count());
      runs++;
    }
    System.out.printf(
        "%s: %s in %d workloads, %d s%n",
        policy, count, runs, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    assertThat(count.cuts()).isGreaterThanOrEqualTo(CUTS_OF_A_POLICY);
    assertThat(count.fillAhead).as("ways to fill the log ahead").containsOnly(FillPolicy.values());
    assertThat(count.filled)
        .as("ways under which the log was filled")
        .isEqualTo(policy == Fsync.ALWAYS ? Set.of(FillPolicy.AUTO, FillPolicy.YES) : Set.of());
  }

  @Test
  @EnabledIfSystemProperty(named = REPLAY, matches = ".+/\\d+/-?\\d+")
  void replay() throws Exception {
    var words = System.getProperty(REPLAY).split("/");
    new CrashRun(
            Fsync.valueOf(words[0]),
            Long.parseLong(words[1]),
            disk -> disk,
            Long.parseLong(words[2]))
        .run();
  }
}
