package dev.holdfast.engine.net;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Sockets as the loop sees them: everything is non-blocking and belongs to one thread, except
 * {@link Poller#wakeup()}. One network has one poller.
 *
 * <p>Implementations: {@link EpollNetwork} (Linux, foreign functions), {@link NioNetwork} (its twin
 * on the JDK, for every other system), and in tests a simulated one driven by a seed.
 */
public interface Network extends AutoCloseable {

  /**
   * Listens on a TCP address.
   *
   * @param address a numeric IPv4 or IPv6 address, {@code *} for all of IPv4, {@code ::*} for all
   *     of IPv6, or a host name
   * @param port 0 takes a free one, see {@link Listener#port()}
   * @throws IOException naming address, port and what the system said
   */
  Listener listen(String address, int port, int backlog) throws IOException;

  /**
   * Listens on a Unix socket; a socket file left behind is replaced. {@code mode} 0 leaves rights.
   */
  Listener listenUnix(Path path, int mode, int backlog) throws IOException;

  Poller poller();

  /** What it is, as {@code INFO} shows it in {@code multiplexing_api}. */
  String name();

  @Override
  void close();
}
