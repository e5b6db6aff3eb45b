package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.agent.ThreadPriority;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Does long work on files for the command thread, one task after the other: writes snapshots, reads
 * base files, deletes what is no longer needed.
 */
public final class Background implements Agent {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile Runnable wakeup = () -> {};
  private Runnable giveWay = () -> {};

  /** How to end the rest of the thread that steps this agent. */
  public void wakeWith(Runnable wakeup) {
    this.wakeup = wakeup;
  }

  /** Tasks see what the caller did before, and may not throw. From any thread. */
  public void submit(Runnable task) {
    tasks.add(task);
    wakeup.run();
  }

  /** On its own thread, not in a test that steps it. */
  @Override
  public void onStart() {
    giveWay = ThreadPriority::lower;
  }

  /**
   * From now on its thread gives way to others, so that the command thread is not kept waiting for
   * a processor by a snapshot. Not before: who starts waits for the base to be read. Its own tasks
   * call it.
   */
  void giveWay() {
    giveWay.run();
    giveWay = () -> {};
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
