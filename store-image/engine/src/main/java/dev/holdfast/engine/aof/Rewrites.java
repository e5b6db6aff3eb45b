package dev.holdfast.engine.aof;

/**
 * When to rewrite and how the last ones went: growth since the last rewrite, back-off after
 * failures as stock servers have it (from the third failure in a row 1, 2, 4 … 60 minutes; a
 * command of a person does not wait).
 */
final class Rewrites {
  private static final int FAILURES_BEFORE_BACK_OFF = 3;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int LONGEST_MINUTES = 60;

  private long grownFrom;
  private long failedAt;
  private int failures;
  private long started;
  private long lastSeconds = -1;
  private boolean lastOk = true;

  /** Growth is measured from this size on. */
  void growFrom(long bytes) {
    grownFrom = bytes;
  }

  void started() {
    started++;
  }

  void succeeded(long elapsedNanos, long bytes) {
    failures = 0;
    lastOk = true;
    lastSeconds = elapsedNanos / SECOND_NANOS;
    grownFrom = bytes;
  }

  void failed(long elapsedNanos, long now) {
    failures++;
    lastOk = false;
    lastSeconds = elapsedNanos / SECOND_NANOS;
    failedAt = now;
  }

  /** Whether the file has grown by {@code percentage} since the last rewrite. */
  boolean grown(long bytes, int percentage, long minBytes) {
    if (percentage == 0 || bytes <= minBytes) {
      return false;
    }
    return growth(bytes) >= percentage;
  }

  /** Growth since the last rewrite, in percent. */
  long growth(long bytes) {
    return bytes * 100 / Math.max(1, grownFrom) - 100;
  }

  /** Whether an automatic rewrite has to wait. */
  boolean backingOff(long now) {
    if (failures < FAILURES_BEFORE_BACK_OFF) {
      return false;
    }
    long minutes =
        Math.min(1L << Math.min(failures - FAILURES_BEFORE_BACK_OFF, 6), LONGEST_MINUTES);
    return now - failedAt < minutes * MINUTE_NANOS;
  }

  /**
   * Whether the rewrite that heals a broken log, or switches it on, has to wait: 1, 2, 4 … 60
   * seconds.
   */
  boolean restingAfterFailure(long now) {
    if (failures == 0) {
      return false;
    }
    long seconds = Math.min(1L << Math.min(failures - 1, 6), 60);
    return now - failedAt < seconds * SECOND_NANOS;
  }

  /** How many were begun, as stock servers count them. */
  long count() {
    return started;
  }

  int failures() {
    return failures;
  }

  long lastSeconds() {
    return lastSeconds;
  }

  boolean lastOk() {
    return lastOk;
  }
}
