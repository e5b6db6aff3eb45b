package dev.holdfast.engine.aof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FillChoiceTest {
  private static final long STEP = 1 << 20;
  private static final long GROUP = 8 << 10;

  private final FillChoice choice = new FillChoice(STEP);
  private long now;

  /** A disk on which a sync takes so long, and a step of zeros; runs until the choice is made. */
  private void decide(long plain, long overZeros, long step) {
    do {
      sync(plain, overZeros, step);
    } while (choice.state().equals("measuring"));
  }

  private void sync(long plain, long overZeros, long step) {
    boolean fills = choice.fills(now);
    if (fills) {
      choice.filled(step);
    }
    choice.measured(fills, GROUP, fills ? overZeros : plain, now);
  }

  @Test
  void fillsWhereSyncsOverZerosAreFaster() {
    decide(200_000, 110_000, 1_500_000);

    assertThat(choice.fills(now)).isTrue();
  }

  @Test
  void doesNotFillWhereItChangesNothing() {
    decide(200_000, 195_000, 10_000);

    assertThat(choice.fills(now)).isFalse();
  }

  @Test
  void countsTheTimeThatTheZerosTake() {
    // 128 groups share a step: 100 ms for it is 780 µs for each.
    decide(200_000, 110_000, 100_000_000);

    assertThat(choice.fills(now)).isFalse();
  }

  @Test
  void looksAgainWhenTheDiskMayHaveChanged() {
    decide(200_000, 195_000, 10_000);
    now += FillChoice.REPEAT_NANOS + 1;
    assertThat(choice.fills(now)).as("the trial begins without zeros").isFalse();

    decide(200_000, 110_000, 1_500_000);

    assertThat(choice.fills(now)).isTrue();
  }

  @Test
  void oneSlowSyncDoesNotDecide() {
    for (int i = 0; i < FillChoice.SAMPLES; i++) {
      sync(200_000, 0, 0);
    }
    sync(0, 900_000_000, 1_500_000);

    decide(0, 110_000, 1_500_000);

    assertThat(choice.fills(now)).isTrue();
  }

  @Test
  void stopsWhereZerosCannotBeWritten() {
    decide(200_000, 110_000, 1_500_000);

    choice.failed(now);

    assertThat(choice.fills(now)).isFalse();
  }
}
