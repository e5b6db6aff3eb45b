package dev.holdfast.engine.server;

import dev.holdfast.engine.clock.Clock;

/** The system's clock, that a test can move forward from its own thread. */
final class ShiftedClock implements Clock {
  private volatile long shiftMillis;

  void forward(long millis) {
    shiftMillis += millis;
  }

  @Override
  public long wallMillis() {
    return Clock.system().wallMillis() + shiftMillis;
  }

  @Override
  public long monotonicNanos() {
    return Clock.system().monotonicNanos() + shiftMillis * 1_000_000;
  }
}
