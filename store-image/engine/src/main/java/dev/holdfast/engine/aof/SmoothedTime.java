package dev.holdfast.engine.aof;

/**
 * How long the disk takes, smoothed, and the choice that follows: while it is fast, the command
 * thread does the work itself, which saves two hand-overs per group; while it is slow, the writer's
 * thread does it and everyone else goes on. The crossing was measured at 200 to 250 µs; between the
 * two the choice stays as it is.
 *
 * <p>A call moves the smoothed value by an eighth of the difference, so that a few that are a
 * little slow change nothing. One that takes a millisecond is well above the limit and sets the
 * value at once: the command thread loses at most one such call before the writer's thread takes
 * over.
 *
 * <p>Measured by whoever worked, read by the command thread: the writer publishes it before it says
 * that it is done.
 */
final class SmoothedTime {
  static final long SLOW_NANOS = 250_000;
  static final long FAST_NANOS = 200_000;
  private static final long WELL_ABOVE_NANOS = 4 * SLOW_NANOS;

  private volatile long smoothed;
  private boolean inline = true;

  /** One writer at a time. */
  void measured(long nanos) {
    long before = smoothed;
    boolean jumps = before == 0 || nanos >= WELL_ABOVE_NANOS && nanos > before;
    smoothed = jumps ? nanos : before + (nanos - before) / 8;
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
