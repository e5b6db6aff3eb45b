package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.Args;
import dev.holdfast.engine.protocol.BufferPool;
import dev.holdfast.engine.protocol.QueryBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client's {@code MULTI}: what is queued, what is watched, and whether {@code EXEC} will run. */
public final class TransactionState {
  /** One queued command: its words lie one behind the other from {@code offset} on. */
  private record Queued(long offset, int[] lengths, Object attachment) {}

  private final QueryBuffer words;
  private final List<Queued> queue = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private boolean open;
  private boolean aborted;
  private boolean watchedChanged;

  TransactionState(BufferPool pool) {
    this.words = new QueryBuffer(pool);
  }

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
    int[] lengths = new int[args.count()];
    long offset = words.length();
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = args.length(i);
      words.append(args.address(i), lengths[i]);
    }
    queue.add(new Queued(offset, lengths, attachment));
  }

  /** Number of queued commands. */
  public int size() {
    return queue.size();
  }

  /**
   * Points {@code into} at the i-th queued command; valid until {@link #close()} or the next {@link
   * #queue}.
   */
  public void load(int i, Args into) {
    var command = queue.get(i);
    into.clear();
    long at = words.address() + command.offset;
    for (int length : command.lengths) {
      into.add(at, length);
      at += length;
    }
  }

  public Object attachment(int i) {
    return queue.get(i).attachment;
  }

  /** Bytes of the queued words; part of the client's query buffer for its limit. */
  public long bytes() {
    return words.length();
  }

  /** Memory of the queue. */
  public long memory() {
    return words.memory();
  }

  /**
   * Ends the transaction and frees the queue. Watches stay: {@code EXEC} and {@code DISCARD}
   * unwatch through their registry.
   */
  public void close() {
    open = false;
    aborted = false;
    watchedChanged = false;
    queue.clear();
    words.clear();
  }
}
