package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.Channel;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.net.Connection;
import dev.holdfast.engine.protocol.BufferPool;
import dev.holdfast.engine.protocol.PartialRequest;
import dev.holdfast.engine.protocol.QueryBuffer;

/**
 * The loop's side of one connection: what was received and not executed, and what is queued where.
 */
final class Session implements Channel {
  final Connection connection;
  final QueryBuffer query;
  final PartialRequest partial = new PartialRequest();
  private final Sessions sessions;
  private final boolean unix;

  Client client;

  /** The peer sends no more; what it asked for is still answered. */
  boolean inputEnded;

  /** A command waits for a pause to end or for the disk. */
  boolean postponed;

  boolean waitsToSend;
  boolean waitsToResume;
  boolean wantsWritable;
  boolean open = true;

  Session(Connection connection, Sessions sessions, BufferPool pool, boolean unix) {
    this.connection = connection;
    this.sessions = sessions;
    this.query = new QueryBuffer(pool);
    this.unix = unix;
  }

  /** Whether requests that wait may be executed. */
  boolean mayExecute() {
    return open && !postponed && !client.isBlocked() && !client.isClosing();
  }

  void updateInterest() {
    connection.interest(!inputEnded, wantsWritable);
  }

  @Override
  public String remote() {
    return connection.remote();
  }

  @Override
  public String local() {
    return connection.local();
  }

  @Override
  public int descriptor() {
    return connection.descriptor();
  }

  @Override
  public boolean isUnix() {
    return unix;
  }

  @Override
  public long queryBytes() {
    return query.length();
  }

  @Override
  public long queryRoom() {
    return query.room();
  }

  @Override
  public String events() {
    return (inputEnded ? "" : "r") + (wantsWritable ? "w" : "");
  }

  @Override
  public void sendSoon() {
    sessions.sendSoon(this);
  }

  @Override
  public void resume() {
    sessions.resumeSoon(this);
  }

  @Override
  public void close() {
    sessions.close(this);
  }
}
