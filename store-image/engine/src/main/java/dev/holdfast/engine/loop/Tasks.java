package dev.holdfast.engine.loop;

import dev.holdfast.engine.agent.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What the command thread does beside commands. The command thread owns it. */
public final class Tasks {
  private static final class Periodic {
    final LongSupplier periodNanos;
    final Runnable task;
    long dueNanos = Long.MIN_VALUE;

    Periodic(LongSupplier periodNanos, Runnable task) {
      this.periodNanos = periodNanos;
      this.task = task;
    }
  }

  private final List<Periodic> periodic = new ArrayList<>();
  private final List<Agent> steps = new ArrayList<>();

  /**
   * Runs {@code task} every {@code periodNanos}, for the first time at once; the period is asked
   * each time, so it may change. A late run is not made up for.
   */
  public void every(LongSupplier periodNanos, Runnable task) {
    periodic.add(new Periodic(periodNanos, task));
  }

  /** Runs one step per iteration; while steps do work the loop does not rest. */
  public void step(Agent agent) {
    steps.add(agent);
  }

  /** Runs what is due and one step of each agent; returns how much was done. */
  int run(long nowNanos) {
    int done = 0;
    for (int i = 0; i < periodic.size(); i++) {
      var each = periodic.get(i);
      if (each.dueNanos == Long.MIN_VALUE || nowNanos - each.dueNanos >= 0) {
        each.dueNanos = nowNanos + each.periodNanos.getAsLong();
        each.task.run();
        done++;
      }
    }
    for (int i = 0; i < steps.size(); i++) {
      done += steps.get(i).doWork();
    }
    return done;
  }

  /** How long until something is due; 0 when it is due now. */
  long nanosUntilDue(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < periodic.size(); i++) {
      var each = periodic.get(i);
      least = Math.min(least, each.dueNanos == Long.MIN_VALUE ? 0 : each.dueNanos - nowNanos);
    }
    return Math.max(0, least);
  }
}
