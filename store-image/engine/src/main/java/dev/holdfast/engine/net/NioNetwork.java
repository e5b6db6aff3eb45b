package dev.holdfast.engine.net;

import static dev.holdfast.engine.net.ListenException.Reason.ADDRESS_NOT_AVAILABLE;
import static dev.holdfast.engine.net.ListenException.Reason.FAMILY_NOT_SUPPORTED;
import static dev.holdfast.engine.net.ListenException.Reason.OTHER;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Sockets of the JDK: the same behaviour as {@link EpollNetwork} on any system, but for one thing:
 * it cannot listen on all of IPv6 beside all of IPv4, and leaves IPv6 out then.
 */
public final class NioNetwork implements Network {
  private final NioPoller poller;
  private final Set<Integer> portsOnAllOfIpv4 = new HashSet<>();

  public NioNetwork() throws IOException {
    this.poller = new NioPoller();
  }

  @Override
  public Listener listen(String address, int port, int backlog) throws IOException {
    InetAddress ip = Addresses.parse(address, port);
    boolean six = ip.getAddress().length == 16;
    ServerSocketChannel channel;
    try {
      channel =
          ServerSocketChannel.open(
              six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    } catch (UnsupportedOperationException e) {
      throw new ListenException(
          FAMILY_NOT_SUPPORTED,
          Addresses.failed(address, port, "socket: Address family not supported by protocol"));
    }
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(ip, port), backlog);
      var listener = new NioListener(poller, channel, null);
      if (address.equals("*")) {
        portsOnAllOfIpv4.add(listener.port());
      }
      return listener;
    } catch (IOException e) {
      channel.close();
      boolean both = address.equals("::*") && portsOnAllOfIpv4.contains(port);
      throw new ListenException(
          both ? FAMILY_NOT_SUPPORTED : reason(e),
          Addresses.failed(address, port, "bind: " + e.getMessage()));
    }
  }

  private static ListenException.Reason reason(IOException e) {
    return e instanceof BindException
            && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("assign")
        ? ADDRESS_NOT_AVAILABLE
        : OTHER;
  }

  @Override
  public Listener listenUnix(Path path, int mode, int backlog) throws IOException {
    Files.deleteIfExists(path);
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), backlog);
      if (mode != 0) {
        Files.setPosixFilePermissions(path, permissions(mode));
      }
      return new NioListener(poller, channel, path);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new ListenException(
          OTHER, "Failed opening Unix socket " + path + ": bind: " + e.getMessage());
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var all = PosixFilePermission.values();
    var granted = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & 0400 >> i) != 0) {
        granted.add(all[i]);
      }
    }
    return granted;
  }

  @Override
  public Poller poller() {
    return poller;
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public void close() {
    poller.close();
  }
}
