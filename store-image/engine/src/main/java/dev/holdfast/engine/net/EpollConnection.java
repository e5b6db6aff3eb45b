package dev.holdfast.engine.net;

import dev.holdfast.engine.memory.Errno;
import dev.holdfast.engine.memory.Memory;

final class EpollConnection extends EpollSocket implements Connection {
  /** Where {@code msg_iov} and {@code msg_iovlen} are in {@code struct msghdr}. */
  private static final int VECTOR = 16;

  private static final int VECTOR_COUNT = 24;

  private final String remote;
  private final boolean isLocal;
  private String local;
  private Object attachment;
  private String failure;

  EpollConnection(EpollNetwork network, int fd, String remote, String local, boolean isLocal) {
    super(network, fd);
    this.remote = remote;
    this.local = local;
    this.isLocal = isLocal;
  }

  @Override
  public int read(long address, int max) {
    while (true) {
      long n = network.posix.receive(fd, address, max);
      if (n > 0) {
        return (int) n;
      }
      if (n == 0) {
        return CLOSED;
      }
      int errno = network.posix.errno();
      if (errno == Posix.EAGAIN) {
        return WOULD_BLOCK;
      }
      if (errno != Posix.EINTR) {
        failure = Errno.text(errno);
        return CLOSED;
      }
    }
  }

  @Override
  public long write(long address, long length) {
    while (true) {
      long n = network.posix.send(fd, address, length);
      if (n >= 0 || failedForGood()) {
        return n;
      }
      if (network.posix.errno() == Posix.EAGAIN) {
        return WOULD_BLOCK;
      }
    }
  }

  @Override
  public long writeVector(long vector, int count) {
    while (true) {
      Memory.putLong(network.message + VECTOR, vector);
      Memory.putLong(network.message + VECTOR_COUNT, count);
      long n = network.posix.sendMessage(fd, network.message);
      if (n >= 0 || failedForGood()) {
        return n;
      }
      if (network.posix.errno() == Posix.EAGAIN) {
        return WOULD_BLOCK;
      }
    }
  }

  private boolean failedForGood() {
    int errno = network.posix.errno();
    if (errno == Posix.EAGAIN || errno == Posix.EINTR) {
      return false;
    }
    failure = Errno.text(errno);
    return true;
  }

  @Override
  public void interest(boolean read, boolean write) {
    network.poller.change(this, (read ? Posix.EPOLLIN : 0) | (write ? Posix.EPOLLOUT : 0));
  }

  @Override
  public void keepAlive(int seconds) {
    network.set(fd, Posix.SOL_SOCKET, Posix.SO_KEEPALIVE, seconds > 0 ? 1 : 0);
    if (seconds > 0) {
      network.set(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPIDLE, seconds);
      network.set(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPINTVL, Math.max(1, seconds / 3));
      network.set(fd, Posix.IPPROTO_TCP, Posix.TCP_KEEPCNT, 3);
    }
  }

  @Override
  public String remote() {
    return remote;
  }

  @Override
  public String local() {
    if (local == null) {
      if (!open) {
        return "";
      }
      Memory.putInt(network.nameLength, SocketNames.MAX_LENGTH);
      network.posix.localName(fd, network.name, network.nameLength);
      local = SocketNames.decode(network.name);
    }
    return local;
  }

  @Override
  public boolean isLocal() {
    return isLocal;
  }

  @Override
  public int descriptor() {
    return fd;
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
    closeSocket();
  }
}
