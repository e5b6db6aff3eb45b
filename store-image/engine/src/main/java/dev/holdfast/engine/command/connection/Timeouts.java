package dev.holdfast.engine.command.connection;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;

/** Arguments that say for how many milliseconds to wait. */
public final class Timeouts {
  private Timeouts() {}

  /**
   * The milliseconds of an argument.
   *
   * @throws Fault when it is no number or negative
   */
  public static long millis(Call call, int arg) {
    long millis = call.integer(arg, "ERR timeout is not an integer or out of range");
    if (millis < 0) {
      throw new Fault("ERR timeout is negative");
    }
    if (millis > Long.MAX_VALUE - call.now()) {
      throw new Fault("ERR timeout is out of range");
    }
    return millis;
  }

  /** The point of the monotonic clock so many milliseconds from now. */
  public static long until(Clock clock, long millis) {
    return millis > Long.MAX_VALUE / 4_000_000
        ? Long.MAX_VALUE
        : clock.monotonicNanos() + millis * 1_000_000;
  }
}
