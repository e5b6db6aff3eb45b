package dev.holdfast.operator.sandbox.controllers;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys to work on, one at a time: a key that is added again while it waits is worked on once. Work
 * that fails is tried again after a second.
 */
public final class WorkQueue implements AutoCloseable {
  private static final Logger LOG = System.getLogger("sandbox");
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Work work;
  private final Map<String, Long> due = new HashMap<>();
  private final Thread thread;
  private boolean closed;

  /** What is done for a key. */
  @FunctionalInterface
  public interface Work {
    /** Works on a key. */
    void on(String key) throws InterruptedException;
  }

  /** Begins at once, on a thread of this name. */
  public WorkQueue(String name, Work work) {
    this.work = work;
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Works on a key soon. */
  public void add(String key) {
    addAfter(key, Duration.ZERO);
  }

  /** Works on a key after a while, or sooner if that was asked for. */
  public synchronized void addAfter(String key, Duration delay) {
    due.merge(key, System.nanoTime() + delay.toNanos(), Math::min);
    notifyAll();
  }

  private void run() {
    try {
      for (String key = next(); key != null; key = next()) {
        try {
          work.on(key);
        } catch (RuntimeException e) {
          if (isClosed()) {
            return;
          }
          LOG.log(Logger.Level.WARNING, thread.getName() + ": " + key, e);
          addAfter(key, RETRY);
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private synchronized String next() throws InterruptedException {
    while (!closed) {
      String first = null;
      for (Map.Entry<String, Long> entry : due.entrySet()) {
        if (first == null || entry.getValue() < due.get(first)) {
          first = entry.getKey();
        }
      }
      if (first == null) {
        wait();
      } else {
        long left = due.get(first) - System.nanoTime();
        if (left <= 0) {
          due.remove(first);
          return first;
        }
        wait(left / 1_000_000 + 1);
      }
    }
    return null;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
  }
}
