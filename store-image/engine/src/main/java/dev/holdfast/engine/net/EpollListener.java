package dev.holdfast.engine.net;

import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class EpollListener extends EpollSocket implements Listener {
  private final String local;
  private final int port;
  private final Path unixPath;
  private String failure;

  EpollListener(EpollNetwork network, int fd, String local, int port, Path unixPath) {
    super(network, fd);
    this.local = local;
    this.port = port;
    this.unixPath = unixPath;
  }

  @Override
  public Connection accept() {
    failure = null;
    while (true) {
      Memory.putInt(network.nameLength, SocketNames.MAX_LENGTH);
      int accepted = network.posix.accept(fd, network.name, network.nameLength);
      if (accepted >= 0) {
        return connection(accepted);
      }
      switch (network.posix.errno()) {
        case Posix.EINTR, Posix.ECONNABORTED -> {}
        case Posix.EAGAIN -> {
          return null;
        }
        default -> {
          failure = network.posix.error();
          return null;
        }
      }
    }
  }

  private EpollConnection connection(int accepted) {
    if (unixPath != null) {
      return new EpollConnection(network, accepted, local + ":0", local + ":0", true);
    }
    network.set(accepted, Posix.IPPROTO_TCP, Posix.TCP_NODELAY, 1);
    return new EpollConnection(
        network,
        accepted,
        SocketNames.decode(network.name),
        null,
        SocketNames.isLoopback(network.name));
  }

  @Override
  public String failure() {
    return failure;
  }

  @Override
  public void accepting(boolean on) {
    network.poller.change(this, on ? Posix.EPOLLIN : 0);
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
    closeSocket();
    if (unixPath != null) {
      try {
        Files.deleteIfExists(unixPath);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
