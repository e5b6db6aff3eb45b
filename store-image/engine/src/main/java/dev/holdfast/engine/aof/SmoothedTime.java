package dev.holdfast.engine.aof;

/**
 * How long the disk takes, smoothed, and the choice that follows: while it is fast, the command
 * thread does the work itself, which saves two hand-overs per group; while it is slow, the writer's
 * thread does it and everyone else goes on. The crossing was measured at 200 to 250 µs; between the
 * two the choice stays as it is.
 *
 * <p>The smoothed value follows the median: each call moves it by an eighth of itself at most, so
 * that a few slow ones change little, however slow. Only one that others have to notice ({@code
 * pauseNanos}) puts it above the limit at once: the command thread loses one such call before the
 * writer's thread takes over.
 *
 * <p>On the writer's thread a call seems to take longer, because that thread has to get a processor
 * back first. While calls seem not much too slow, one of {@value #TRIAL_EVERY} is therefore tried
 * on the command thread, and decides.
 *
 * <p>Measured by whoever worked, read by the command thread: the writer publishes it before it says
 * that it is done.
 */
final class SmoothedTime {
  static final long SLOW_NANOS = 250_000;
  static final long FAST_NANOS = 200_000;
  static final int TRIAL_EVERY = 64;

  /** Above it nothing is tried: the command thread would lose too much. */
  private static final long MOST_TO_TRY_NANOS = 4 * SLOW_NANOS;

  private final long pauseNanos;
  private volatile long smoothed;
  private boolean inline = true;
  private int untried;

  private SmoothedTime(long pauseNanos) {
    this.pauseNanos = pauseNanos;
  }

  /** A write goes to memory: one that takes a millisecond waits for something. */
  static SmoothedTime ofWrites() {
    return new SmoothedTime(1_000_000);
  }

  /** Syncs of a fast disk, too, take a few milliseconds now and then. */
  static SmoothedTime ofSyncs() {
    return new SmoothedTime(4_000_000);
  }

  /**
   * One writer at a time.
   *
   * @param here on the command thread
   */
  void measured(long nanos, boolean here) {
    long before = smoothed;
    long step = before / 8 + 1;
    if (before == 0 || here && before >= FAST_NANOS && nanos < FAST_NANOS) {
      smoothed = nanos;
    } else if (nanos >= pauseNanos) {
      smoothed = Math.max(before + step, SLOW_NANOS + SLOW_NANOS / 8);
    } else {
      smoothed = before + Math.clamp(nanos - before, -step, step);
    }
  }

  long nanos() {
    return smoothed;
  }

  /** Command thread only: whether it should work itself. */
  boolean inline() {
    long now = smoothed;
    if (inline ? now > SLOW_NANOS : now < FAST_NANOS) {
      inline = !inline;
      untried = 0;
    }
    return inline;
  }

  /** As {@link #inline()}, for a call that follows; sometimes a trial. */
  boolean nextInline() {
    if (inline() || smoothed > MOST_TO_TRY_NANOS) {
      return inline;
    }
    if (++untried < TRIAL_EVERY) {
      return false;
    }
    untried = 0;
    return true;
  }
}
