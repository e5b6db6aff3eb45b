package dev.holdfast.engine.client;

/** Where the life of clients is told, one line per event. */
public interface ClientLog {
  void verbose(String line);

  void warning(String line);
}
