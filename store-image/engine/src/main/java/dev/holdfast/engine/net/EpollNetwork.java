package dev.holdfast.engine.net;

import static dev.holdfast.engine.net.ListenException.Reason.ADDRESS_NOT_AVAILABLE;
import static dev.holdfast.engine.net.ListenException.Reason.FAMILY_NOT_SUPPORTED;
import static dev.holdfast.engine.net.ListenException.Reason.OTHER;

import dev.holdfast.engine.memory.Errno;
import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sockets of Linux through the foreign-function API. Reads and writes go straight between the
 * kernel and native memory given by address, without a buffer object or a copy in between.
 */
public final class EpollNetwork implements Network {
  private static final int ENOPROTOOPT = 92;
  private static final int EPROTONOSUPPORT = 93;
  private static final int ESOCKTNOSUPPORT = 94;
  private static final int EPFNOSUPPORT = 96;
  private static final int EAFNOSUPPORT = 97;
  private static final int EADDRNOTAVAIL = 99;

  private final Arena arena = Arena.ofShared();
  final Posix posix = new Posix(arena);

  /** Room for one socket address, its length, and one integer option: used within single calls. */
  final long name = arena.allocate(SocketNames.MAX_LENGTH, 8).address();

  final long nameLength = arena.allocate(8, 8).address();
  final long option = arena.allocate(8, 8).address();

  /** A {@code struct msghdr} of which only the vector changes. */
  final long message = arena.allocate(56, 8).fill((byte) 0).address();

  final EpollPoller poller;

  /**
   * @throws IOException when the system has no epoll
   */
  public EpollNetwork() throws IOException {
    this.poller = new EpollPoller(posix, arena);
  }

  @Override
  public Listener listen(String address, int port, int backlog) throws IOException {
    InetAddress ip = Addresses.parse(address, port);
    boolean six = ip.getAddress().length == 16;
    int fd = posix.socket(six ? Posix.AF_INET6 : Posix.AF_INET);
    if (fd < 0) {
      throw failed(address, port, "socket");
    }
    set(fd, Posix.SOL_SOCKET, Posix.SO_REUSEADDR, 1);
    if (six) {
      set(fd, Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, 1);
    }
    if (posix.bind(fd, name, SocketNames.encode(ip, port, name)) < 0) {
      throw closing(fd, failed(address, port, "bind"));
    }
    if (posix.listen(fd, backlog) < 0) {
      throw closing(fd, failed(address, port, "listen"));
    }
    Memory.putInt(nameLength, SocketNames.MAX_LENGTH);
    posix.localName(fd, name, nameLength);
    var listener =
        new EpollListener(this, fd, SocketNames.decode(name), SocketNames.port(name), null);
    poller.add(listener);
    return listener;
  }

  @Override
  public Listener listenUnix(Path path, int mode, int backlog) throws IOException {
    byte[] bytes = SocketNames.pathBytes(path.toString());
    if (bytes.length > SocketNames.MAX_UNIX_PATH) {
      throw new ListenException(
          OTHER,
          "Unix socket path %s has %d bytes, the system allows %d: choose a shorter one"
              .formatted(path, bytes.length, SocketNames.MAX_UNIX_PATH));
    }
    Files.deleteIfExists(path);
    int fd = posix.socket(Posix.AF_UNIX);
    if (fd < 0) {
      throw failedUnix(path, "socket");
    }
    int length = SocketNames.encodeUnix(bytes, name);
    if (posix.bind(fd, name, length) < 0) {
      throw closing(fd, failedUnix(path, "bind"));
    }
    if (posix.listen(fd, backlog) < 0) {
      throw closing(fd, failedUnix(path, "listen"));
    }
    if (mode != 0 && posix.changeMode(name + 2, mode) < 0) {
      throw closing(fd, failedUnix(path, "chmod"));
    }
    var listener = new EpollListener(this, fd, path.toString(), 0, path);
    poller.add(listener);
    return listener;
  }

  @Override
  public EpollPoller poller() {
    return poller;
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public void close() {
    poller.close();
    arena.close();
  }

  void set(int fd, int level, int option, int value) {
    Memory.putInt(this.option, value);
    posix.option(fd, level, option, this.option);
  }

  private ListenException closing(int fd, ListenException e) {
    posix.close(fd);
    return e;
  }

  private ListenException failed(String address, int port, String call) {
    int errno = posix.errno();
    var reason =
        switch (errno) {
          case EADDRNOTAVAIL -> ADDRESS_NOT_AVAILABLE;
          case ENOPROTOOPT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPFNOSUPPORT, EAFNOSUPPORT ->
              FAMILY_NOT_SUPPORTED;
          default -> OTHER;
        };
    return new ListenException(
        reason, Addresses.failed(address, port, call + ": " + Errno.text(errno)));
  }

  private ListenException failedUnix(Path path, String call) {
    return new ListenException(
        OTHER, "Failed opening Unix socket " + path + ": " + call + ": " + posix.error());
  }
}
