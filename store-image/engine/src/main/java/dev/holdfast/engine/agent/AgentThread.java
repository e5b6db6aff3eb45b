package dev.holdfast.engine.agent;

import java.time.Duration;
import java.util.function.Consumer;

/** Signatures only for now. */
public final class AgentThread implements AutoCloseable {
  /**
   * @param maxPark how long the thread rests at most when a step had nothing to do; zero when the
   *     agent waits by itself
   * @param onFailure gets what a step threw, on the agent's thread; the thread ends afterwards
   */
  public AgentThread(Agent agent, Duration maxPark, Consumer<Throwable> onFailure) {}

  /** Starts the thread. */
  public AgentThread start() {
    throw new UnsupportedOperationException();
  }

  /** Ends the rest of a parked thread; cheap when it is not parked. From any thread. */
  public void wakeup() {
    throw new UnsupportedOperationException();
  }

  /** Whether the thread runs. */
  public boolean isAlive() {
    throw new UnsupportedOperationException();
  }

  /** Asks the thread to end after its current step and waits for it; uninterruptible. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
