package dev.holdfast.engine.aof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the command thread works itself, and when it leaves that to the writer's. */
class SmoothedTimeTest {
  private static final long MICROSECOND = 1_000;

  private final SmoothedTime time = new SmoothedTime();

  private void measured(int times, long micros) {
    for (int i = 0; i < times; i++) {
      time.measured(micros * MICROSECOND);
    }
  }

  @Test
  void oneCallThatIsAMillisecondSlowerIsEnoughToChangeOver() {
    measured(100, 118);
    assertThat(time.inline()).isTrue();
    measured(1, 1_118);
    assertThat(time.inline()).isFalse();
  }

  @Test
  void oneThatIsALittleSlowerIsNot() {
    measured(100, 118);
    measured(1, 400);
    assertThat(time.inline()).isTrue();
  }

  @Test
  void callsThatStayALittleSlowerChangeOverToo() {
    measured(100, 118);
    measured(20, 400);
    assertThat(time.inline()).isFalse();
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
  void aSlowCallIsForgottenAfterSomeFastOnes() {
    measured(100, 118);
    measured(1, 1_118);
    assertThat(time.inline()).isFalse();
    measured(20, 118);
    assertThat(time.inline()).isTrue();
  }
}
