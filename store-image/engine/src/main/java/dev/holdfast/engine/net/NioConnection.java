package dev.holdfast.engine.net;

import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

final class NioConnection implements Connection {
  private final NioPoller poller;
  private final SocketChannel channel;
  private final String remote;
  private final String local;
  private final boolean isLocal;
  private final int number;
  private SelectionKey key;
  private Object attachment;
  private String failure;

  NioConnection(NioPoller poller, SocketChannel channel, Path unixPath, int number)
      throws IOException {
    this.poller = poller;
    this.channel = channel;
    this.number = number;
    if (unixPath != null) {
      this.remote = unixPath + ":0";
      this.local = remote;
      this.isLocal = true;
    } else {
      var peer = (InetSocketAddress) channel.getRemoteAddress();
      var here = (InetSocketAddress) channel.getLocalAddress();
      this.remote = SocketNames.text(peer.getAddress(), peer.getPort());
      this.local = SocketNames.text(here.getAddress(), here.getPort());
      this.isLocal = peer.getAddress().isLoopbackAddress();
    }
  }

  @Override
  public int read(long address, int max) {
    try {
      return channel.read(view(address, max));
    } catch (IOException e) {
      return failed(e);
    }
  }

  @Override
  public long write(long address, long length) {
    try {
      return channel.write(view(address, (int) Math.min(length, Integer.MAX_VALUE)));
    } catch (IOException e) {
      return failed(e);
    }
  }

  @Override
  public long writeVector(long vector, int count) {
    var views = new ByteBuffer[count];
    for (int i = 0; i < count; i++) {
      long length = Memory.getLong(vector + 16L * i + 8);
      views[i] = view(Memory.getLong(vector + 16L * i), (int) Math.min(length, Integer.MAX_VALUE));
    }
    try {
      return channel.write(views);
    } catch (IOException e) {
      return failed(e);
    }
  }

  private static ByteBuffer view(long address, int length) {
    return Memory.segment(address, length).asByteBuffer();
  }

  private int failed(IOException e) {
    failure = e instanceof ClosedChannelException ? "closed" : e.getMessage();
    return CLOSED;
  }

  @Override
  public void interest(boolean read, boolean write) {
    int wanted = (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
    try {
      if (key == null) {
        key = channel.register(poller.selector, wanted, this);
      } else if (key.isValid() && key.interestOps() != wanted) {
        key.interestOps(wanted);
      }
    } catch (ClosedChannelException e) {
      failed(e);
    }
  }

  @Override
  public void keepAlive(int seconds) {
    try {
      set(StandardSocketOptions.SO_KEEPALIVE, seconds > 0);
      if (seconds > 0) {
        set(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
        set(ExtendedSocketOptions.TCP_KEEPINTERVAL, Math.max(1, seconds / 3));
        set(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private <T> void set(SocketOption<T> option, T value) throws IOException {
    if (channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }

  @Override
  public String remote() {
    return remote;
  }

  @Override
  public String local() {
    return local;
  }

  @Override
  public boolean isLocal() {
    return isLocal;
  }

  /** The JDK does not tell the descriptor; the count of accepted connections stands for it. */
  @Override
  public int descriptor() {
    return number;
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
    try {
      channel.close();
    } catch (IOException e) {
      failed(e);
    }
  }
}
