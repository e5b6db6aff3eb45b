package dev.holdfast.operator;

import java.util.Optional;

/**
 * Whether this process may still act as the leader, judged by what the lease itself says and not by
 * the elector, which can miss that it stopped renewing. Threads may share it.
 */
final class LeaseWatch {
  private final String identity;
  private final long limitNanos;
  private Object renewed;
  private long confirmedAt;

  /**
   * @param identity of this process in the lease
   * @param limitNanos how long the lease may stay without a renewal that was seen; less than its
   *     duration, so that this process stops before another one may lead
   * @param now monotonic time at which it began to lead
   */
  LeaseWatch(String identity, long limitNanos, long now) {
    this.identity = identity;
    this.limitNanos = limitNanos;
    this.confirmedAt = now;
  }

  /**
   * The lease was read.
   *
   * @param holder who leads by it; null or empty for nobody
   * @param renewTime as it stands there, compared only with itself
   * @param now monotonic time before the lease was asked for
   * @return why this process leads no longer; empty while it does
   */
  synchronized Optional<String> seen(String holder, Object renewTime, long now) {
    if (holder != null && !holder.isEmpty() && !holder.equals(identity)) {
      return Optional.of("the lease is held by " + holder);
    }
    if (renewTime != null && !renewTime.equals(renewed)) {
      renewed = renewTime;
      confirmedAt = now;
    }
    return lost(now);
  }

  /** As {@link #seen}, when nothing is known of the lease. */
  synchronized Optional<String> lost(long now) {
    return now - confirmedAt > limitNanos
        ? Optional.of(
            "the lease was not seen renewed for "
                + (now - confirmedAt) / 1_000_000_000
                + " s, expected at least every "
                + limitNanos / 1_000_000_000
                + " s")
        : Optional.empty();
  }
}
