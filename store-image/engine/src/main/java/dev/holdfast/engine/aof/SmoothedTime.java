package dev.holdfast.engine.aof;

/**
 * How long the disk takes, smoothed, and the choice that follows: while it is fast, the command
 * thread does the work itself, which saves two hand-overs per group; while it is slow, the writer's
 * thread does it and everyone else goes on. The crossing was measured at 200 to 250 µs; between the
 * two the choice stays as it is.
 *
 * <p>One call that takes long moves the smoothed value by an eighth of itself, so that a single
 * slow sync of 2 ms is enough to change over.
 *
 * <p>Measured by whoever worked, read by the command thread: the writer publishes it before it says
 * that it is done.
 */
final class SmoothedTime {
  static final long SLOW_NANOS = 250_000;
  static final long FAST_NANOS = 200_000;

  private volatile long smoothed;
  private boolean inline = true;

  /** One writer at a time. */
  void measured(long nanos) {
    long before = smoothed;
    smoothed = before == 0 ? nanos : before + (nanos - before) / 8;
  }

  long nanos() {
    return smoothed;
  }

  /** Command thread only: whether it should work itself. */
  boolean inline() {
    long now = smoothed;
    if (inline ? now > SLOW_NANOS : now < FAST_NANOS) {
      inline = !inline;
    }
    return inline;
  }
}
