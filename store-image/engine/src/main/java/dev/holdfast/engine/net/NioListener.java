package dev.holdfast.engine.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

final class NioListener implements Listener {
  private final NioPoller poller;
  private final ServerSocketChannel channel;
  private final Path unixPath;
  private final String local;
  private final int port;
  private String failure;
  private int accepted;

  NioListener(NioPoller poller, ServerSocketChannel channel, Path unixPath) throws IOException {
    this.poller = poller;
    this.channel = channel;
    this.unixPath = unixPath;
    if (unixPath == null) {
      var address = (InetSocketAddress) channel.getLocalAddress();
      this.port = address.getPort();
      this.local = SocketNames.text(address.getAddress(), port);
    } else {
      this.port = 0;
      this.local = unixPath.toString();
    }
    channel.configureBlocking(false);
    channel.register(poller.selector, SelectionKey.OP_ACCEPT, this);
  }

  @Override
  public Connection accept() {
    failure = null;
    try {
      var socket = channel.accept();
      if (socket == null) {
        return null;
      }
      socket.configureBlocking(false);
      if (unixPath == null) {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return new NioConnection(poller, socket, unixPath, ++accepted);
    } catch (IOException e) {
      failure = e.getMessage();
      return null;
    }
  }

  @Override
  public String failure() {
    return failure;
  }

  @Override
  public void accepting(boolean on) {
    channel.keyFor(poller.selector).interestOps(on ? SelectionKey.OP_ACCEPT : 0);
  }

  @Override
  public String local() {
    return local;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (unixPath != null) {
        Files.deleteIfExists(unixPath);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
