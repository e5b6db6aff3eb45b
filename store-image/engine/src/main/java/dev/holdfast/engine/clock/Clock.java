package dev.holdfast.engine.clock;

/** Where the engine gets its time from, so that a test can own it. */
public interface Clock {
  /**
   * Milliseconds since 1970 (UTC); may jump. For expiry times and time stamps, never for intervals.
   */
  long wallMillis();

  /** The same in microseconds, as exact as the clock is. */
  default long wallMicros() {
    return wallMillis() * 1000;
  }

  /**
   * Nanoseconds from an arbitrary start; never goes back. For intervals, time limits and back-off.
   */
  long monotonicNanos();

  /** The system's clock. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
