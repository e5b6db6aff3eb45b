package dev.holdfast.engine.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.SteppingClock;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final SteppingClock clock = new SteppingClock(0, 0);
  private long rate = 1_000;
  private final Pace pace = new Pace(clock, () -> rate);
  private long bytes;

  private void writeFor(int seconds) {
    for (int i = 0; i < seconds * 100; i++) {
      clock.advanceMillis(10);
      while (bytes < 1_000_000 && pace.allows(bytes)) {
        bytes += 100;
      }
    }
  }

  @Test
  void aFileGrowsAsFastAsItMayAndNoFaster() {
    writeFor(10);
    assertThat(bytes).isBetween(9_900L, 10_350L);
  }

  @Test
  void whatHadToBeWrittenIsMadeUpForByALongerRest() {
    bytes = 5_000;
    clock.advanceMillis(4_990);
    assertThat(pace.allows(bytes)).isFalse();
    clock.advanceMillis(20);
    assertThat(pace.allows(bytes)).isTrue();
  }

  @Test
  void aLongRestIsNotSavedUp() {
    clock.advanceMillis(60_000);
    writeFor(1);
    assertThat(bytes).isLessThan(1_500);
  }

  @Test
  void theLimitChangesAtOnceAndZeroIsNone() {
    writeFor(1);
    rate = 0;
    writeFor(1);
    assertThat(bytes).isEqualTo(1_000_000);
    assertThat(pace.allows(bytes)).isTrue();
    rate = 1_000;
    clock.advanceMillis(10);
    assertThat(pace.allows(bytes)).isTrue();
    assertThat(pace.allows(bytes + 100)).isFalse();
  }
}
