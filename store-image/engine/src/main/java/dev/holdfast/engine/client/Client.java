package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.BufferPool;
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
  private final Clients clients;
  private final Channel channel;
  private final ReplyBuffer buffer;
  private final Reply reply;
  private final TransactionState transaction;
  private final HeldReplies held = new HeldReplies();
  private final long createdNanos;

  private ReplyMode replyMode = ReplyMode.ON;
  private long replyStart;
  private long replyHold;
  private boolean monitor;

  /** Something was pushed whose offset is not known yet; whether something was held before. */
  private boolean pushed;

  private boolean heldBefore;
  private Subscriptions subscriptions;
  private TrackingState tracking;
  private boolean closeAfterReplies;
  private boolean closed;

  /** Monotonic time of the last request or reply. */
  long lastActiveNanos;

  /** Whether the soft limit of the output buffer is exceeded, and since when. */
  boolean overSoftLimit;

  long overSoftLimitSince;

  Blocked blocked;
  long blockedUntilNanos;

  Client(long id, Clients clients, Channel channel, BufferPool pool, long nowNanos) {
    this.id = id;
    this.clients = clients;
    this.channel = channel;
    this.buffer = new ReplyBuffer(pool);
    this.reply = new Reply(buffer);
    this.transaction = new TransactionState(pool);
    this.createdNanos = nowNanos;
    this.lastActiveNanos = nowNanos;
  }

  /** A client without a connection, for replay. */
  public static Client detached() {
    var client = new Client(0, null, null, new BufferPool(), 0);
    client.replyMode(ReplyMode.OFF);
    return client;
  }

  public long id() {
    return id;
  }

  public Reply reply() {
    return reply;
  }

  /** What waits to be sent. */
  public ReplyBuffer output() {
    return buffer;
  }

  public TransactionState transaction() {
    return transaction;
  }

  // ---- replies

  public ReplyMode replyMode() {
    return replyMode;
  }

  /** Takes effect at once. {@link ReplyMode#SKIP_NEXT} mutes the running command and the next. */
  public void replyMode(ReplyMode mode) {
    this.replyMode = mode;
    reply.muted(mode != ReplyMode.ON);
  }

  /** Before anything writes a reply. */
  public void beginReply() {
    replyStart = buffer.position();
    replyHold = 0;
  }

  /** What the running command writes may not leave before the log is safe up to {@code offset}. */
  public void holdUntil(long offset) {
    if (offset > replyHold) {
      replyHold = offset;
    }
  }

  long replyHold() {
    return replyHold;
  }

  /** After a reply was written: it may leave, or is held. */
  public void endReply() {
    if (replyMode != ReplyMode.ON && replyMode != ReplyMode.OFF) {
      replyMode(replyMode == ReplyMode.SKIP_NEXT ? ReplyMode.SKIPPING : ReplyMode.ON);
    }
    endPush();
  }

  private void endPush() {
    end(IfNotDurable.ERROR);
  }

  private void end(IfNotDurable otherwise) {
    if (buffer.position() == replyStart || channel == null) {
      return;
    }
    var gate = clients.gate();
    if (replyHold > gate.released()) {
      if (held.isEmpty()) {
        gate.hold(this);
      }
      held.add(replyStart, replyHold, otherwise);
    } else if (!held.isEmpty()) {
      held.add(replyStart, 0, otherwise);
    }
    channel.sendSoon();
  }

  /** Ends the reply so far, and adds what follows it without being one. */
  void push(ReplyBuffer what, IfNotDurable otherwise, long offset) {
    endPush();
    beginReply();
    holdUntil(offset);
    what.copy(what.sent(), what.position(), buffer);
    end(otherwise);
    beginReply();
  }

  /**
   * What is written from here to {@link #settlePushes} is caused by what another client does. True
   * when it is the first.
   */
  boolean beginPush(IfNotDurable otherwise) {
    boolean first = !pushed;
    if (first) {
      pushed = true;
      heldBefore = !held.isEmpty();
    }
    held.addUnsettled(buffer.position(), otherwise);
    return first;
  }

  /** What was pushed may leave when the log is safe up to {@code offset}. */
  void settlePushes(long offset) {
    pushed = false;
    held.settle(offset);
    if (closed) {
      return;
    }
    held.release(clients.gate().released());
    if (!heldBefore && !held.isEmpty()) {
      clients.gate().hold(this);
    }
    channel.sendSoon();
  }

  /** Position in {@link #output()} up to which may be sent now. */
  public long sendable() {
    return held.sendable(buffer.position());
  }

  /** True when nothing is held any more. */
  boolean release(long offset) {
    if (held.release(offset)) {
      channel.sendSoon();
    }
    return held.isEmpty();
  }

  void failHeld(long released, String error) {
    held.fail(released, error, buffer, reply, clients.pool());
    channel.sendSoon();
  }

  /** Closes the connection once the replies are sent; nothing more is executed. */
  public void closeAfterReplies() {
    closeAfterReplies = true;
    if (channel != null) {
      channel.sendSoon();
    }
  }

  // ---- state

  /** Whether the client executes nothing more. */
  public boolean isClosing() {
    return closeAfterReplies || closed;
  }

  public boolean isClosed() {
    return closed;
  }

  void closed() {
    closed = true;
  }

  /** Whether it sees what is executed ({@code MONITOR}). */
  public boolean isMonitor() {
    return monitor;
  }

  public void monitor(boolean on) {
    if (on != monitor) {
      monitor = on;
      if (on) {
        clients.monitors().add(this);
      } else {
        clients.monitors().remove(this);
      }
    }
  }

  /** What it is subscribed to. */
  public Subscriptions subscriptions() {
    if (subscriptions == null) {
      subscriptions = new Subscriptions();
    }
    return subscriptions;
  }

  /** How many names of a kind it is subscribed to. */
  public int subscribed(Subscription kind) {
    return subscriptions == null ? 0 : subscriptions.count(kind);
  }

  /** How its reads are tracked; null when they are not. */
  public TrackingState tracking() {
    return tracking;
  }

  public void tracking(TrackingState state) {
    tracking = state;
  }

  /** A client with subscriptions is of a class of its own. */
  public void subscriber(boolean on) {
    type = on ? ClientClass.PUBSUB : ClientClass.NORMAL;
    long hard = clients.settings().outputLimit(type).hard();
    buffer.limit(hard > 0 ? hard : Long.MAX_VALUE);
  }

  public boolean isBlocked() {
    return blocked != null;
  }

  /** Whether it has a connection. */
  public boolean isConnected() {
    return channel != null && !closed;
  }

  /** Null for a detached client. */
  Channel channel() {
    return channel;
  }

  /** Something was read or sent. */
  public void active(long nowNanos) {
    lastActiveNanos = nowNanos;
  }

  public long lastActiveNanos() {
    return lastActiveNanos;
  }

  long createdNanos() {
    return createdNanos;
  }

  /** Peer as {@code address:port}; empty for a detached client. */
  public String address() {
    return channel == null ? "" : channel.remote();
  }

  public String localAddress() {
    return channel == null ? "" : channel.local();
  }

  /** Native memory of requests, queue and replies. */
  public long memory() {
    long query = channel == null ? 0 : channel.queryBytes() + channel.queryRoom();
    return query + buffer.memory() + transaction.memory();
  }

  /** The client's line in {@code CLIENT LIST}, without line break. */
  public String describe() {
    return ClientLine.of(this, clients == null ? 0 : clients.nowNanos());
  }
}
