package dev.holdfast.engine.net;

/** The other end of a connection, as a test drives it. Nothing waits. */
public interface Peer {
  /** Sends as the network takes it; {@link #pump()} goes on. */
  void send(byte[] bytes);

  /** Moves what can be moved. */
  void pump();

  /** Everything received so far. */
  byte[] received();

  /** Whether the server ended the connection and everything it sent was received. */
  boolean ended();

  /** Stops or goes on reading. */
  void reading(boolean on);

  /** Sends no more, but still reads. */
  void finish();

  /** Ends at once, with a reset. */
  void reset();
}
