package dev.holdfast.engine.keyspace;

/** The 24 bits that a record keeps for eviction. Signatures only for now. */
public final class Access {
  private Access() {}

  /** LRU: the second of the access. */
  public static int lru(long nowMillis) {
    throw new UnsupportedOperationException();
  }

  /** LRU: milliseconds since the access. */
  public static long idleMillis(int access, long nowMillis) {
    throw new UnsupportedOperationException();
  }

  /** LFU: what a new record gets. */
  public static int lfuInitial(long nowMillis) {
    throw new UnsupportedOperationException();
  }

  /** LFU: the logarithmic counter 0..255 after decay. */
  public static int lfuCounter(int access, long nowMillis, int decayMinutes) {
    throw new UnsupportedOperationException();
  }

  /** LFU: after one more access. {@code random} is uniform in [0, 1). */
  public static int lfuTouch(
      int access, long nowMillis, int decayMinutes, int logFactor, double random) {
    throw new UnsupportedOperationException();
  }
}
