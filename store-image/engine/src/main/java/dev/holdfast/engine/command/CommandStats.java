package dev.holdfast.engine.command;

import dev.holdfast.engine.latency.LatencyHistogram;

/**
 * What {@code INFO commandstats} and {@code latencystats} say about one command. Owned by the
 * command thread.
 */
public final class CommandStats {
  private final LatencyHistogram latency = new LatencyHistogram();
  private long calls;
  private long nanos;
  private long rejected;
  private long failed;

  /** Counts a call that ran for {@code nanos}; {@code error} when it answered an error. */
  void ran(long nanos, boolean error) {
    calls++;
    this.nanos += nanos;
    if (error) {
      failed++;
    }
    latency.record(nanos);
  }

  /** Counts a call that was refused before it ran. */
  void refused() {
    rejected++;
  }

  /** Forgets everything, as {@code CONFIG RESETSTAT} does. */
  public void reset() {
    calls = 0;
    nanos = 0;
    rejected = 0;
    failed = 0;
    latency.reset();
  }

  public long calls() {
    return calls;
  }

  /** Whole microseconds that all calls took together. */
  public long microseconds() {
    return nanos / 1000;
  }

  public long rejected() {
    return rejected;
  }

  public long failed() {
    return failed;
  }

  public LatencyHistogram latency() {
    return latency;
  }
}
