package dev.holdfast.engine.net;

/** A listening socket; it is polled from the moment it exists. */
public interface Listener extends Pollable {

  /**
   * The next waiting connection, or null when none waits or the system refuses (see {@link
   * #failure()}).
   */
  Connection accept();

  /** Why the last {@link #accept()} gave none, or null when none was waiting. */
  String failure();

  /**
   * Stops or starts to report waiting connections: while the system has no descriptor left for
   * them.
   */
  void accepting(boolean on);

  /** Address and port, {@code 127.0.0.1:6379}, {@code [::1]:6379}, or the path of a Unix socket. */
  String local();

  /** The port taken, 0 for a Unix socket. */
  int port();

  void close();
}
