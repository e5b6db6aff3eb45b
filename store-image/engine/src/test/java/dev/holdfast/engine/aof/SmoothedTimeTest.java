package dev.holdfast.engine.aof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the command thread works itself, and when it leaves that to the writer's. */
class SmoothedTimeTest {
  private static final long MICROSECOND = 1_000;

  private SmoothedTime time = SmoothedTime.ofSyncs();

  /** Calls of the command thread. */
  private void measured(int times, long micros) {
    for (int i = 0; i < times; i++) {
      time.measured(micros * MICROSECOND, true);
    }
  }

  /** Calls of the writer's thread. */
  private void measuredThere(int times, long micros) {
    for (int i = 0; i < times; i++) {
      time.measured(micros * MICROSECOND, false);
    }
  }

  @Test
  void oneWriteOfAMillisecondIsEnoughToChangeOver() {
    time = SmoothedTime.ofWrites();
    measured(100, 5);
    assertThat(time.inline()).isTrue();
    measured(1, 1_000);
    assertThat(time.inline()).isFalse();
  }

  @Test
  void oneSyncOfFourMillisecondsIsEnoughToo() {
    measured(100, 118);
    measured(1, 3_999);
    assertThat(time.inline()).isTrue();
    measured(1, 4_000);
    assertThat(time.inline()).isFalse();
  }

  @Test
  void aPauseIsForgottenAfterAFewFastCalls() {
    measured(100, 118);
    measured(1, 100_000);
    assertThat(time.inline()).isFalse();
    measuredThere(4, 118);
    assertThat(time.inline()).isTrue();
  }

  @Test
  void callsThatStaySlowerChangeOver() {
    measured(100, 118);
    measured(5, 400);
    assertThat(time.inline()).isTrue();
    measured(2, 400);
    assertThat(time.inline()).isFalse();
  }

  @Test
  void oneInThreeThatIsSlowChangesNothing() {
    measured(100, 118);
    for (int i = 0; i < 100; i++) {
      measured(1, 3_000);
      measured(2, 118);
      assertThat(time.inline()).isTrue();
    }
  }

  @Test
  void betweenTheLimitsTheChoiceStaysAsItIs() {
    measured(100, 225);
    assertThat(time.inline()).isTrue();
    measured(100, 300);
    assertThat(time.inline()).isFalse();
    measured(100, 225);
    assertThat(time.inline()).isFalse();
    measured(100, 150);
    assertThat(time.inline()).isTrue();
  }

  @Test
  void theWritersThreadSeemsSlowSoTheCommandThreadTriesNowAndThen() {
    measured(100, 300);
    int trials = 0;
    for (int i = 0; i < 3 * SmoothedTime.TRIAL_EVERY; i++) {
      boolean here = time.nextInline();
      trials += here ? 1 : 0;
      time.measured(300 * MICROSECOND, here);
    }
    assertThat(trials).isEqualTo(3);
    measured(1, 118);
    assertThat(time.inline()).as("a trial was fast").isTrue();
  }

  @Test
  void aFastCallOfTheWritersThreadDoesNotDecideByItself() {
    measured(100, 900);
    measuredThere(1, 118);
    assertThat(time.inline()).isFalse();
  }

  @Test
  void nothingIsTriedOnASlowDisk() {
    measured(100, 1_300);
    for (int i = 0; i < 10 * SmoothedTime.TRIAL_EVERY; i++) {
      assertThat(time.nextInline()).isFalse();
      measuredThere(1, 1_300);
    }
  }
}
