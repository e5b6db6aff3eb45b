package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.agent.Agent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Does long work on files for the command thread, one task after the other: writes snapshots, reads
 * base files, deletes what is no longer needed.
 */
public final class Background implements Agent {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile Runnable wakeup = () -> {};

  /** How to end the rest of the thread that steps this agent. */
  public void wakeWith(Runnable wakeup) {
    this.wakeup = wakeup;
  }

  /** Tasks see what the caller did before, and may not throw. From any thread. */
  public void submit(Runnable task) {
    tasks.add(task);
    wakeup.run();
  }

  @Override
  public int doWork() {
    var task = tasks.peek();
    if (task == null) {
      return 0;
    }
    task.run();
    tasks.remove();
    return 1;
  }

  /** Whether every task is done. */
  public boolean idle() {
    return tasks.isEmpty();
  }

  @Override
  public String roleName() {
    return "snapshot";
  }
}
