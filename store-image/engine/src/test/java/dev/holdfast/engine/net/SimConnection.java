package dev.holdfast.engine.net;

import dev.holdfast.engine.memory.Memory;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The server's end. What the peer sent lies in {@link #inbox}, what it has not read in {@link
 * #outbox}.
 */
final class SimConnection implements Connection {
  final ByteArrayOutputStream outbox = new ByteArrayOutputStream();
  byte[] inbox = new byte[0];
  boolean peerFinished;
  boolean peerReset;
  boolean closed;
  private final SimNetwork network;
  private final int descriptor;
  private boolean wantsRead;
  private boolean wantsWrite;
  private Object attachment;
  private String failure;

  SimConnection(SimNetwork network, int descriptor) {
    this.network = network;
    this.descriptor = descriptor;
  }

  boolean isReadable() {
    return wantsRead && (inbox.length > 0 || peerFinished || peerReset);
  }

  boolean isWritable() {
    return wantsWrite && (peerReset || outbox.size() < network.capacity);
  }

  @Override
  public int read(long address, int max) {
    if (peerReset) {
      failure = "Connection reset by peer";
      return CLOSED;
    }
    if (inbox.length == 0) {
      return peerFinished ? CLOSED : WOULD_BLOCK;
    }
    int n = network.some(Math.min(max, inbox.length));
    Memory.copyFrom(inbox, 0, address, n);
    inbox = Arrays.copyOfRange(inbox, n, inbox.length);
    return n;
  }

  @Override
  public long write(long address, long length) {
    if (peerReset) {
      failure = "Broken pipe";
      return CLOSED;
    }
    int room = (int) Math.min(length, network.capacity - outbox.size());
    if (room <= 0) {
      return WOULD_BLOCK;
    }
    int n = network.some(room);
    outbox.writeBytes(Memory.bytes(address, n));
    return n;
  }

  @Override
  public long writeVector(long vector, int count) {
    long written = 0;
    for (int i = 0; i < count; i++) {
      long length = Memory.getLong(vector + 16L * i + 8);
      long n = write(Memory.getLong(vector + 16L * i), length);
      if (n == CLOSED) {
        return written > 0 ? written : CLOSED;
      }
      written += n;
      if (n < length) {
        break;
      }
    }
    return written;
  }

  @Override
  public void interest(boolean read, boolean write) {
    wantsRead = read;
    wantsWrite = write;
  }

  @Override
  public void keepAlive(int seconds) {}

  @Override
  public String remote() {
    return "10.0.0.1:" + (40_000 + descriptor);
  }

  @Override
  public String local() {
    return "10.0.0.2:6379";
  }

  @Override
  public boolean isLocal() {
    return network.local;
  }

  @Override
  public int descriptor() {
    return descriptor;
  }

  @Override
  public Object attachment() {
    return attachment;
  }

  @Override
  public void attach(Object attachment) {
    this.attachment = attachment;
  }

  @Override
  public String failure() {
    return failure;
  }

  @Override
  public void close() {
    closed = true;
    network.sockets.remove(this);
  }
}
