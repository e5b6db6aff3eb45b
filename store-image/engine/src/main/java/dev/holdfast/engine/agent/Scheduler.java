package dev.holdfast.engine.agent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Gives agents their turns: each a thread of its own in production, one order out of one seed in a
 * simulation.
 */
public interface Scheduler {
  /** How long a thread of {@link #threads()} waits for another one in {@link #rest()}. */
  long REST_NANOS = 50_000;

  /** An agent that gets turns. */
  interface Turns extends AutoCloseable {
    /** There is work for the agent; cheap when it does not rest. From any thread. */
    void wakeup();

    /** Whether the agent still gets turns. */
    boolean isAlive();

    /** Ends the turns after the current one; then {@link Agent#onClose()} has been called. */
    @Override
    void close();
  }

  /**
   * Begins to give turns to an agent.
   *
   * @param maxPark how long it rests at most when a step had nothing to do; zero when it waits by
   *     itself
   * @param onFailure gets what a step threw; there are no further turns then
   */
  Turns start(Agent agent, Duration maxPark, Consumer<Throwable> onFailure);

  /**
   * From now on the calling agent should get a processor soon, as {@link Agent#isUrgent}; or not.
   */
  void urgent(boolean now);

  /** Lets other agents work while the caller waits for one of them. */
  void rest();

  /** A thread for each agent. */
  static Scheduler threads() {
    return new Scheduler() {
      @Override
      public Turns start(Agent agent, Duration maxPark, Consumer<Throwable> onFailure) {
        return new AgentThread(agent, maxPark, onFailure).start();
      }

      @Override
      public void urgent(boolean now) {
        if (now) {
          ShortTurns.ask();
        } else {
          ShortTurns.giveBack();
        }
      }

      @Override
      public void rest() {
        LockSupport.parkNanos(REST_NANOS);
      }
    };
  }
}
