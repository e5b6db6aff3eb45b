package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.aof.Fsync;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The test of {@link CrashTest}: it finds mistakes, soon, and the same one again. */
class DeliberateFaultTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Pattern REPLAY =
      Pattern.compile("-Dholdfast.cuts.replay=ALWAYS/(\\d+)/(\\d+)");

  @ParameterizedTest
  @EnumSource
  void aFaultIsCaughtWithinAMinuteAndReplaysExactly(DeliberateFault fault) {
    long start = System.nanoTime();
    var cuts = new CutCount();
    AssertionError caught = null;
    for (long seed = 1; caught == null && took(start).compareTo(SOON) < 0; seed++) {
      var run = new CrashRun(Fsync.ALWAYS, seed, fault, CrashRun.ALL_CALLS);
      caught = catchThrowableOfType(AssertionError.class, run::run);
      cuts.add(run.count());
    }
    System.out.printf("%s: caught after %s, %d ms%n", fault, cuts, took(start).toMillis());
    assertThat(caught).as("caught within %s", SOON).isNotNull();

    var replay = REPLAY.matcher(caught.getMessage());
    assertThat(replay.find()).as("says how to replay: %s", caught.getMessage()).isTrue();
    var again =
        new CrashRun(
            Fsync.ALWAYS, Long.parseLong(replay.group(1)), fault, Long.parseLong(replay.group(2)));
    assertThat(catchThrowableOfType(AssertionError.class, again::run))
        .hasMessage(caught.getMessage());
  }

  private static Duration took(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
