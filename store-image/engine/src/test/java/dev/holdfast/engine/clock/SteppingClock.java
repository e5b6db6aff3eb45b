package dev.holdfast.engine.clock;

/**
 * A clock for tests: stands still, or goes on by a fixed amount each time it is asked, so that time
 * limits run out after a known number of looks.
 */
public final class SteppingClock implements Clock {
  private long wallMillis;
  private long nanos;
  private long nanosPerLook;

  public SteppingClock(long wallMillis, long nanosPerLook) {
    this.wallMillis = wallMillis;
    this.nanosPerLook = nanosPerLook;
  }

  /** Another clock that shows the same time and goes on by itself. */
  public SteppingClock copy() {
    var copy = new SteppingClock(wallMillis, nanosPerLook);
    copy.nanos = nanos;
    return copy;
  }

  public void advanceMillis(long millis) {
    wallMillis += millis;
    nanos += millis * 1_000_000;
  }

  @Override
  public long wallMillis() {
    return wallMillis;
  }

  @Override
  public long monotonicNanos() {
    nanos += nanosPerLook;
    return nanos;
  }
}
