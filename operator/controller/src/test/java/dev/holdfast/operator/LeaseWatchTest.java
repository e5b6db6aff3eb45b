package dev.holdfast.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseWatchTest {
  private static final long SECOND = 1_000_000_000L;

  private final LeaseWatch watch = new LeaseWatch("a", 12 * SECOND, 0);

  @Test
  void leadsWhileItsRenewalsAreSeen() {
    for (int second = 2; second < 100; second += 2) {
      assertThat(watch.seen("a", "renewal " + second, second * SECOND)).isEmpty();
    }
  }

  @Test
  void stopsWhenAnotherHoldsTheLease() {
    assertThat(watch.seen("b", "renewal", SECOND)).contains("the lease is held by b");
  }

  @Test
  void stopsWhenNobodyRenewsThoughItsNameStandsThere() {
    assertThat(watch.seen("a", "renewal", SECOND)).isEmpty();
    assertThat(watch.seen("a", "renewal", 13 * SECOND)).isEmpty();
    assertThat(watch.seen("a", "renewal", 14 * SECOND)).isPresent();
  }

  @Test
  void stopsWhenTheLeaseCannotBeReadForTooLong() {
    assertThat(watch.lost(12 * SECOND)).isEmpty();
    assertThat(watch.lost(13 * SECOND))
        .contains("the lease was not seen renewed for 13 s, expected at least every 12 s");
  }
}
