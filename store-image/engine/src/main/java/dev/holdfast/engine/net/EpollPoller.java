package dev.holdfast.engine.net;

import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** One epoll instance, and the eventfd that ends its wait. */
final class EpollPoller implements Poller {
  private static final int MAX_EVENTS = 1024;

  /** {@code struct epoll_event} is packed on x86-64 only. */
  private static final int EVENT_BYTES = "amd64".equals(System.getProperty("os.arch")) ? 12 : 16;

  private static final int DATA = EVENT_BYTES - 8;

  private final Posix posix;
  private final int epoll;
  private final int wakeup;
  private final long one;
  private final long drain;
  private final long change;
  private final long events;
  private EpollSocket[] byDescriptor = new EpollSocket[64];
  private int generations;
  private volatile boolean closed;

  EpollPoller(Posix posix, Arena arena) throws IOException {
    this.posix = posix;
    this.one = arena.allocate(8, 8).address();
    this.drain = arena.allocate(8, 8).address();
    this.change = arena.allocate(EVENT_BYTES, 8).address();
    this.events = arena.allocate((long) MAX_EVENTS * EVENT_BYTES, 64).address();
    Memory.putLong(one, 1);
    this.epoll = posix.epollCreate();
    if (epoll < 0) {
      throw new IOException("epoll_create1: " + posix.error());
    }
    this.wakeup = posix.eventfd();
    if (wakeup < 0) {
      throw new IOException("eventfd: " + posix.error());
    }
    control(Posix.EPOLL_CTL_ADD, wakeup, Posix.EPOLLIN, wakeup);
  }

  @Override
  public int poll(long timeoutNanos) {
    int millis =
        timeoutNanos < 0
            ? -1
            : (int) Math.min(Integer.MAX_VALUE, (timeoutNanos + 999_999) / 1_000_000);
    int count = posix.epollWait(epoll, events, MAX_EVENTS, millis);
    if (count < 0) {
      if (posix.errno() == Posix.EINTR) {
        return 0;
      }
      throw new IllegalStateException("epoll_wait: " + posix.error());
    }
    return count;
  }

  @Override
  public Pollable ready(int i) {
    long data = Memory.getLong(events + (long) i * EVENT_BYTES + DATA);
    int fd = (int) data;
    if (fd == wakeup) {
      posix.read(wakeup, drain, 8);
      return null;
    }
    EpollSocket socket = byDescriptor[fd];
    return socket != null && socket.generation == (int) (data >>> 32) ? socket : null;
  }

  /** Errors and hang-ups count as both: the next call on the socket tells which. */
  @Override
  public boolean readable(int i) {
    return (flags(i) & ~Posix.EPOLLOUT) != 0;
  }

  @Override
  public boolean writable(int i) {
    return (flags(i) & ~Posix.EPOLLIN) != 0;
  }

  private int flags(int i) {
    return Memory.getInt(events + (long) i * EVENT_BYTES);
  }

  @Override
  public void wakeup() {
    if (!closed) {
      Posix.signal(wakeup, one);
    }
  }

  void add(EpollListener listener) {
    change(listener, Posix.EPOLLIN);
  }

  /**
   * Asks for other events. A socket that wants none leaves epoll: it would report hang-ups for
   * ever.
   */
  void change(EpollSocket socket, int wanted) {
    if (wanted == socket.events) {
      return;
    }
    if (wanted == 0) {
      forget(socket);
      return;
    }
    int operation = Posix.EPOLL_CTL_MOD;
    if (socket.events == 0) {
      operation = Posix.EPOLL_CTL_ADD;
      socket.generation = ++generations;
      if (socket.fd >= byDescriptor.length) {
        byDescriptor =
            Arrays.copyOf(byDescriptor, Math.max(socket.fd + 1, byDescriptor.length * 2));
      }
      byDescriptor[socket.fd] = socket;
    }
    socket.events = wanted;
    control(operation, socket.fd, wanted, (long) socket.generation << 32 | socket.fd);
  }

  void forget(EpollSocket socket) {
    if (socket.events != 0) {
      socket.events = 0;
      byDescriptor[socket.fd] = null;
      control(Posix.EPOLL_CTL_DEL, socket.fd, 0, 0);
    }
  }

  private void control(int operation, int fd, int wanted, long data) {
    Memory.putInt(change, wanted);
    Memory.putLong(change + DATA, data);
    if (posix.epollControl(epoll, operation, fd, change) < 0) {
      throw new IllegalStateException(
          "epoll_ctl(%d) on descriptor %d: %s".formatted(operation, fd, posix.error()));
    }
  }

  void close() {
    closed = true;
    for (EpollSocket socket : byDescriptor) {
      if (socket != null) {
        socket.closeSocket();
      }
    }
    posix.close(wakeup);
    posix.close(epoll);
  }
}
