package dev.holdfast.engine.agent;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Repeats one agent's step on a thread of its own and rests when there was nothing to do.
 *
 * <p>A wake-up is never lost: the thread says that it rests, then looks for work once more, and
 * only then parks; whoever has work makes it visible first and then looks whether the thread rests.
 * With a full fence between the two halves on both sides, at least one of them sees the other.
 */
public final class AgentThread implements Scheduler.Turns {
  private final Agent agent;
  private final long maxParkNanos;
  private final Consumer<Throwable> onFailure;
  private final Thread thread;
  private volatile boolean resting;
  private volatile boolean closing;

  /**
   * @param maxPark how long the thread rests at most when a step had nothing to do; zero when the
   *     agent waits by itself
   * @param onFailure gets what a step threw, on the agent's thread; the thread ends afterwards
   */
  public AgentThread(Agent agent, Duration maxPark, Consumer<Throwable> onFailure) {
    this.agent = agent;
    this.maxParkNanos = maxPark.toNanos();
    this.onFailure = onFailure;
    this.thread = new Thread(this::run, agent.roleName());
  }

  /** Starts the thread. */
  public AgentThread start() {
    thread.start();
    return this;
  }

  @Override
  public void wakeup() {
    VarHandle.fullFence();
    if (resting) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public boolean isAlive() {
    return thread.isAlive();
  }

  /**
   * Asks the thread to end after its current step and waits for it, interrupted or not. An agent
   * that waits by itself has to be woken as well.
   */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      if (agent.isUrgent()) {
        ShortTurns.ask();
      }
      while (!closing) {
        if (agent.doWork() == 0 && maxParkNanos > 0) {
          rest();
        }
      }
    } catch (Throwable e) {
      onFailure.accept(e);
    } finally {
      agent.onClose();
    }
  }

  private void rest() {
    resting = true;
    VarHandle.fullFence();
    try {
      if (agent.doWork() == 0 && !closing) {
        LockSupport.parkNanos(this, maxParkNanos);
      }
    } finally {
      resting = false;
    }
  }
}
