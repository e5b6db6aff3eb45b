package dev.holdfast.engine.net;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The peer of a simulated connection. */
public final class SimPeer implements Peer {
  private final SimConnection connection;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private boolean reading = true;

  SimPeer(SimConnection connection) {
    this.connection = connection;
  }

  @Override
  public void send(byte[] bytes) {
    int old = connection.inbox.length;
    connection.inbox = Arrays.copyOf(connection.inbox, old + bytes.length);
    System.arraycopy(bytes, 0, connection.inbox, old, bytes.length);
  }

  @Override
  public void pump() {
    if (reading) {
      received.writeBytes(connection.outbox.toByteArray());
      connection.outbox.reset();
    }
  }

  @Override
  public byte[] received() {
    return received.toByteArray();
  }

  @Override
  public boolean ended() {
    return connection.closed && connection.outbox.size() == 0;
  }

  @Override
  public void reading(boolean on) {
    reading = on;
  }

  @Override
  public void finish() {
    connection.peerFinished = true;
  }

  @Override
  public void reset() {
    connection.peerReset = true;
  }
}
