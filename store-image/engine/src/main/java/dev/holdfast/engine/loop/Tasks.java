package dev.holdfast.engine.loop;

import dev.holdfast.engine.agent.Agent;
import java.util.function.LongSupplier;

/** What the command thread does beside commands. */
public final class Tasks {

  /**
   * Runs {@code task} every {@code periodNanos}; the period is asked each time, so it may change.
   */
  public void every(LongSupplier periodNanos, Runnable task) {
    throw new UnsupportedOperationException();
  }

  /** Runs one step per iteration; while steps do work the loop does not rest. */
  public void step(Agent agent) {
    throw new UnsupportedOperationException();
  }
}
