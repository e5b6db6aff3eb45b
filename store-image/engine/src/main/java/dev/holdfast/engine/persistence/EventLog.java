package dev.holdfast.engine.persistence;

/** Where persistence tells what happens, one line per event. Any thread may call. */
public interface EventLog {
  void notice(String line);

  void warning(String line);
}
