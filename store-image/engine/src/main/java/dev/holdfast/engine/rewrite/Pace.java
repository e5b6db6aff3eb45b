package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.clock.Clock;
import java.util.function.LongSupplier;

/**
 * Keeps a file from growing faster than so many bytes a second on average. What had to be written
 * all the same is made up for by a longer rest.
 */
final class Pace {
  /**
   * A quarter of a second's bytes may be written at once: the loop wakes up a few times a second.
   */
  private static final double BURST_SECONDS = 0.25;

  private final Clock clock;
  private final LongSupplier bytesPerSecond;
  private double allowed;
  private long since;

  /**
   * @param bytesPerSecond asked each time, so it may change; 0: as fast as it gets
   */
  Pace(Clock clock, LongSupplier bytesPerSecond) {
    this.clock = clock;
    this.bytesPerSecond = bytesPerSecond;
    this.since = clock.monotonicNanos();
  }

  /** Whether a file of that size may grow now. */
  boolean allows(long bytes) {
    long now = clock.monotonicNanos();
    double rate = bytesPerSecond.getAsLong();
    double most = bytes + rate * BURST_SECONDS;
    allowed = Math.min(allowed + rate * (now - since) / 1e9, most);
    since = now;
    if (rate == 0) {
      allowed = bytes;
      return true;
    }
    return bytes < allowed;
  }
}
