package dev.holdfast.engine.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A peer on a real socket that never waits. */
public final class SocketPeer implements Peer {
  private final SocketChannel channel;
  private final ByteArrayOutputStream toSend = new ByteArrayOutputStream();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
  private boolean reading = true;
  private boolean finished;
  private boolean ended;

  public SocketPeer(int port) {
    try {
      channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(byte[] bytes) {
    toSend.writeBytes(bytes);
    pump();
  }

  @Override
  public void pump() {
    try {
      if (toSend.size() > 0) {
        byte[] all = toSend.toByteArray();
        int n = channel.write(ByteBuffer.wrap(all));
        toSend.reset();
        toSend.write(all, n, all.length - n);
      } else if (finished && channel.isOpen()) {
        channel.shutdownOutput();
      }
      while (reading && !ended) {
        buffer.clear();
        int n = channel.read(buffer);
        if (n == 0) {
          break;
        }
        if (n < 0) {
          ended = true;
          break;
        }
        byte[] bytes = new byte[n];
        buffer.flip().get(bytes);
        received.writeBytes(bytes);
      }
    } catch (IOException e) {
      ended = true;
    }
  }

  @Override
  public byte[] received() {
    return received.toByteArray();
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void reading(boolean on) {
    reading = on;
  }

  @Override
  public void finish() {
    finished = true;
    pump();
  }

  @Override
  public void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends in the usual way. */
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
