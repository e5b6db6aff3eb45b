package dev.holdfast.engine.client;

/** A client's connection, as far as the client's state needs it. The loop implements it. */
public interface Channel {

  /** Peer as {@code address:port}. */
  String remote();

  String local();

  int descriptor();

  boolean isUnix();

  /** Bytes of requests that wait, and the room behind them. */
  long queryBytes();

  long queryRoom();

  /** What is waited for: {@code r}, {@code rw}. */
  String events();

  /** There is something that may be sent. */
  void sendSoon();

  /** The client may execute again: requests that wait are looked at. */
  void resume();

  /** Ends the connection now; what waits to be sent is lost. */
  void close();
}
