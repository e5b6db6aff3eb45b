package dev.holdfast.engine.net;

/**
 * One accepted connection. Nothing is polled before {@link #interest} was called. After {@link
 * #close()} only {@link #remote()}, {@link #local()} and {@link #failure()} may be called.
 */
public interface Connection extends Pollable {
  int WOULD_BLOCK = 0;
  int CLOSED = -1;

  /**
   * Reads what is there.
   *
   * @return bytes read, {@link #WOULD_BLOCK}, or {@link #CLOSED} when the peer sends no more or the
   *     connection failed
   */
  int read(long address, int max);

  /**
   * Writes; returns what the kernel took, {@link #WOULD_BLOCK}, or {@link #CLOSED} when it failed.
   */
  long write(long address, long length);

  /**
   * Writes several pieces in one call.
   *
   * @param vector address of {@code count} pairs (address, length) of eight bytes each
   */
  long writeVector(long vector, int count);

  /** What to be told of. */
  void interest(boolean read, boolean write);

  /** Probes an idle peer after so many seconds; 0 switches it off. */
  void keepAlive(int seconds);

  /** Peer as {@code address:port}; the path of the socket for a Unix one. */
  String remote();

  String local();

  /** Whether the peer is on this machine: a loopback address or a Unix socket. */
  boolean isLocal();

  /**
   * A number that tells connections apart in {@code CLIENT LIST}: the file descriptor where there
   * is one.
   */
  int descriptor();

  /** The attachment given last. */
  Object attachment();

  void attach(Object attachment);

  /** What the system said when a call returned {@link #CLOSED}; null when the peer just ended. */
  String failure();

  void close();
}
