package dev.holdfast.engine.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final long MINUTE = 60_000;
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void idle_time_counts_in_seconds() {
    assertThat(Access.idleMillis(Access.lru(NOW), NOW + 65_000)).isEqualTo(65_000);
  }

  @Test
  void idle_time_survives_the_wrap_of_the_24_bits() {
    long wrap = (1L << 24) * 1000;
    assertThat(Access.idleMillis(Access.lru(wrap - 5_000), wrap + 5_000)).isEqualTo(10_000);
  }

  @Test
  void a_new_record_is_not_the_first_to_go() {
    assertThat(Access.lfuCounter(Access.lfuInitial(NOW), NOW, 1)).isEqualTo(5);
  }

  @Test
  void the_counter_loses_one_per_decay_time() {
    int access = Access.lfuInitial(NOW);
    assertThat(Access.lfuCounter(access, NOW + 3 * MINUTE, 1)).isEqualTo(2);
    assertThat(Access.lfuCounter(access, NOW + 3 * MINUTE, 3)).isEqualTo(4);
    assertThat(Access.lfuCounter(access, NOW + 100 * MINUTE, 1)).isZero();
    assertThat(Access.lfuCounter(access, NOW + 100 * MINUTE, 0)).isEqualTo(5);
  }

  @Test
  void the_counter_grows_like_the_logarithm_of_the_hits() {
    // A step from c takes 10 (c - 5) + 1 hits on average, so n hits lead to about 5 + sqrt(n / 5).
    assertThat(meanCounterAfter(100)).isBetween(9.0, 11.0);
    assertThat(meanCounterAfter(1_000)).isBetween(18.0, 20.5);
    assertThat(meanCounterAfter(100_000)).isBetween(143.0, 149.0);
  }

  @Test
  void the_counter_stops_at_255() {
    int access = Access.lfuInitial(NOW);
    for (int i = 0; i < 300; i++) {
      access = Access.lfuTouch(access, NOW, 1, 0, 0.5);
    }
    assertThat(Access.lfuCounter(access, NOW, 1)).isEqualTo(255);
  }

  private static double meanCounterAfter(int hits) {
    var random = new Random(1);
    int tries = 50;
    double sum = 0;
    for (int t = 0; t < tries; t++) {
      int access = Access.lfuInitial(NOW);
      for (int i = 0; i < hits; i++) {
        access = Access.lfuTouch(access, NOW, 1, 10, random.nextDouble());
      }
      sum += Access.lfuCounter(access, NOW, 1);
    }
    return sum / tries;
  }
}
