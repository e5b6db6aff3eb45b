package dev.holdfast.engine.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.holdfast.engine.memory.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls of {@link EpollNetwork}. Addresses travel as plain longs, so a call allocates
 * nothing. Each call returns what the system returned; after -1 {@link #errno()} says why. One
 * thread at a time, except {@link #signal}.
 *
 * <p>Sends use {@code MSG_NOSIGNAL}: a peer that went away is a return value, never a signal.
 */
final class Posix {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ECONNABORTED = 103;

  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_STREAM = 1;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_KEEPALIVE = 9;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final int TCP_KEEPIDLE = 4;
  static final int TCP_KEEPINTVL = 5;
  static final int TCP_KEEPCNT = 6;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;

  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;
  static final int EPOLLIN = 1;
  static final int EPOLLOUT = 4;

  private static final int EFD_NONBLOCK = 0x800;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = ints("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = ints("bind", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle LISTEN = ints("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT4 =
      ints("accept4", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      ints("getsockname", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SETSOCKOPT =
      ints("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EPOLL_CREATE1 = ints("epoll_create1", JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      ints("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle EPOLL_WAIT =
      ints("epoll_wait", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD = ints("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = ints("close", JAVA_INT);
  private static final MethodHandle RECV = longs("recv", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND = longs("send", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SENDMSG = longs("sendmsg", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle READ = longs("read", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CHMOD = ints("chmod", JAVA_LONG, JAVA_INT);
  private static final MethodHandle SIGNAL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("write"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));

  private final MemorySegment state;

  Posix(Arena arena) {
    this.state = arena.allocate(Linker.Option.captureStateLayout());
  }

  int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  /** The system's words for the last error. */
  String error() {
    return Errno.text(errno());
  }

  int socket(int family) {
    try {
      return (int) SOCKET.invokeExact(state, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int bind(int fd, long address, int length) {
    try {
      return (int) BIND.invokeExact(state, fd, address, length);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int listen(int fd, int backlog) {
    try {
      return (int) LISTEN.invokeExact(state, fd, backlog);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int accept(int fd, long address, long lengthAddress) {
    try {
      return (int)
          ACCEPT4.invokeExact(state, fd, address, lengthAddress, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int localName(int fd, long address, long lengthAddress) {
    try {
      return (int) GETSOCKNAME.invokeExact(state, fd, address, lengthAddress);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int option(int fd, int level, int name, long valueAddress) {
    try {
      return (int) SETSOCKOPT.invokeExact(state, fd, level, name, valueAddress, 4);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int epollCreate() {
    try {
      return (int) EPOLL_CREATE1.invokeExact(state, EPOLL_CLOEXEC);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int epollControl(int epoll, int operation, int fd, long event) {
    try {
      return (int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, event);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int epollWait(int epoll, long events, int max, int timeoutMillis) {
    try {
      return (int) EPOLL_WAIT.invokeExact(state, epoll, events, max, timeoutMillis);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int eventfd() {
    try {
      return (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK | EFD_CLOEXEC);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int close(int fd) {
    try {
      return (int) CLOSE.invokeExact(state, fd);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  long receive(int fd, long address, long length) {
    try {
      return (long) RECV.invokeExact(state, fd, address, length, 0);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  long send(int fd, long address, long length) {
    try {
      return (long) SEND.invokeExact(state, fd, address, length, MSG_NOSIGNAL);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  long sendMessage(int fd, long message) {
    try {
      return (long) SENDMSG.invokeExact(state, fd, message, MSG_NOSIGNAL);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  long read(int fd, long address, long length) {
    try {
      return (long) READ.invokeExact(state, fd, address, length);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  int changeMode(long pathAddress, int mode) {
    try {
      return (int) CHMOD.invokeExact(state, pathAddress, mode);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Adds to an eventfd the number that {@code oneAddress} holds. From any thread; cannot fail. */
  static void signal(int fd, long oneAddress) {
    try {
      long ignored = (long) SIGNAL.invokeExact(fd, oneAddress, 8L);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  private static MethodHandle ints(String name, MemoryLayout... arguments) {
    return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle longs(String name, MemoryLayout... arguments) {
    return handle(name, FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, CAPTURE);
  }

  private static RuntimeException thrown(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a system call could not be made", e);
  }
}
