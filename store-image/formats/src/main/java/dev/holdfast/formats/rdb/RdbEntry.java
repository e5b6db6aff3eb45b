package dev.holdfast.formats.rdb;

/**
 * What an RDB file says about a key beside its value. One object is reused for all entries: copy
 * what has to stay.
 */
public final class RdbEntry {
  long database;
  int type;
  long expireAtMillis;
  int frequency;
  long idleSeconds;

  RdbEntry() {
    reset();
  }

  void reset() {
    expireAtMillis = -1;
    frequency = -1;
    idleSeconds = -1;
  }

  /** The database that the key belongs to. */
  public long database() {
    return database;
  }

  /** The value's type byte; {@link RdbTypes#name} has words for it. */
  public int type() {
    return type;
  }

  /** Unix milliseconds at which the key expires; -1 when it does not. */
  public long expireAtMillis() {
    return expireAtMillis;
  }

  /** LFU counter, 0 to 255; -1 when the file has none. */
  public int frequency() {
    return frequency;
  }

  /** LRU idle time in seconds; -1 when the file has none. */
  public long idleSeconds() {
    return idleSeconds;
  }
}
