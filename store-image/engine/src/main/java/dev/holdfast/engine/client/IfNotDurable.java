package dev.holdfast.engine.client;

/** What becomes of something that is held when the log cannot make durable what it waits for. */
public enum IfNotDurable {
  /** A reply, which the client counts: an error takes its place. */
  ERROR,
  /** A message, which would tell of something that may never have been. */
  DROP,
  /** It is sent all the same: to forget a cached value is never wrong. */
  SEND;

  private static final IfNotDurable[] ALL = values();

  static IfNotDurable of(int ordinal) {
    return ALL[ordinal];
  }
}
