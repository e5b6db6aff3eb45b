package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.Args;
import java.util.ArrayList;
import java.util.List;

/** A client's {@code MULTI}: what is queued, what is watched, and whether {@code EXEC} will run. */
public final class TransactionState {
  private boolean open;
  private boolean aborted;
  private boolean watchedChanged;
  private final List<Watch> watches = new ArrayList<>();

  /** After {@code MULTI}, before {@code EXEC} or {@code DISCARD}. */
  public boolean isOpen() {
    return open;
  }

  public void open() {
    open = true;
  }

  /** A command could not be queued, so {@code EXEC} answers {@code EXECABORT}. */
  public boolean isAborted() {
    return aborted;
  }

  public void abort() {
    aborted = true;
  }

  /** A watched key changed, so {@code EXEC} answers nil. */
  public boolean watchedChanged() {
    return watchedChanged;
  }

  public void watchedChanged(boolean changed) {
    watchedChanged = changed;
  }

  /** The watched keys; the registry by key is the transaction commands' own. */
  public List<Watch> watches() {
    return watches;
  }

  /**
   * Copies the command to the end of the queue, with what the executor wants back at {@code EXEC}.
   */
  public void queue(Args args, Object attachment) {
    throw new UnsupportedOperationException();
  }

  /** Number of queued commands. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Points {@code into} at the i-th queued command; valid until {@link #close()}. */
  public void load(int i, Args into) {
    throw new UnsupportedOperationException();
  }

  public Object attachment(int i) {
    throw new UnsupportedOperationException();
  }

  /** Bytes of the queued words; part of the client's query buffer for its limit. */
  public long bytes() {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends the transaction and frees the queue. Watches stay: {@code EXEC} and {@code DISCARD}
   * unwatch through their registry.
   */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
