package dev.holdfast.engine.net;

/** Waits for sockets to become ready, level-triggered. */
public interface Poller {

  /**
   * Waits until a socket is ready, {@link #wakeup()} was called or the time is over.
   *
   * @param timeoutNanos 0 looks without waiting, negative waits without a limit; the system may
   *     round up to whole milliseconds
   * @return how many are ready
   */
  int poll(long timeoutNanos);

  /** The i-th ready socket of the last poll. Null when it was closed since. */
  Pollable ready(int i);

  boolean readable(int i);

  boolean writable(int i);

  /** Ends a wait that is under way, or the next one. Any thread may call. */
  void wakeup();
}
