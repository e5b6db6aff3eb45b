package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.Reply;
import dev.holdfast.engine.protocol.ReplyBuffer;

/**
 * The state of one client. The command thread owns it. A client without a connection ({@link
 * #detached}) replays the log: its replies are dropped.
 */
public final class Client {
  /** Selected database. */
  public int db;

  /**
   * Whether commands other than {@code AUTH}, {@code HELLO}, {@code QUIT}, {@code RESET} are
   * served.
   */
  public boolean authenticated = true;

  public String name = "";
  public String libName = "";
  public String libVersion = "";

  /** Full name of the last command, {@code client|list}, or null. */
  public String lastCommand;

  public ClientClass type = ClientClass.NORMAL;
  public boolean noEvict;
  public boolean noTouch;

  /**
   * Log offset after the last effect of this client; {@code WAIT} and {@code WAITAOF} wait for it.
   */
  public long lastWriteOffset;

  private final long id;
  private final TransactionState transaction = new TransactionState();
  private final Reply reply = new Reply(new ReplyBuffer());

  private Client(long id) {
    this.id = id;
  }

  /** A client without a connection, for replay. */
  public static Client detached() {
    return new Client(0);
  }

  public long id() {
    return id;
  }

  public Reply reply() {
    return reply;
  }

  public TransactionState transaction() {
    return transaction;
  }

  public ReplyMode replyMode() {
    throw new UnsupportedOperationException();
  }

  public void replyMode(ReplyMode mode) {
    throw new UnsupportedOperationException();
  }

  /** What the running command writes may not leave before the log is safe up to {@code offset}. */
  public void holdUntil(long offset) {
    throw new UnsupportedOperationException();
  }

  /** Closes the connection once the replies are sent; nothing more is executed. */
  public void closeAfterReplies() {
    throw new UnsupportedOperationException();
  }

  public boolean isBlocked() {
    throw new UnsupportedOperationException();
  }

  /** Whether it has a connection. */
  public boolean isConnected() {
    throw new UnsupportedOperationException();
  }

  /** Peer as {@code address:port}. */
  public String address() {
    throw new UnsupportedOperationException();
  }

  public String localAddress() {
    throw new UnsupportedOperationException();
  }

  /** The client's line in {@code CLIENT LIST}, without line break. */
  public String describe() {
    throw new UnsupportedOperationException();
  }
}
