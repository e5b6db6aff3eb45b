package dev.holdfast.engine.client;

/** What a blocked client waits for: {@code WAIT}, {@code WAITAOF}. */
public interface Blocked {

  /**
   * Looks whether the wait is over and then writes the reply; asked at the end of every iteration.
   *
   * @return true when the reply was written and the client goes on
   */
  boolean tryFinish(Client client);

  /** Writes the reply of a wait that was not over in time, also for {@code CLIENT UNBLOCK}. */
  void timedOut(Client client);
}
