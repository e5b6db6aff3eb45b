package dev.holdfast.engine.keyspace;

/**
 * The 24 bits that a record keeps for eviction. Under the LRU policies they are the second of the
 * last access (they wrap after 194 days); under the LFU policies the minute of the last decay (16
 * bits) and a logarithmic counter (8 bits), as Redis keeps them.
 */
public final class Access {
  private static final int LRU_MASK = 0xff_ffff;
  private static final int MINUTE_MASK = 0xffff;
  private static final int NEW_COUNTER = 5;
  private static final int MAX_COUNTER = 255;

  private Access() {}

  /** LRU: the second of the access. */
  public static int lru(long nowMillis) {
    return (int) (nowMillis / 1000) & LRU_MASK;
  }

  /** LRU: milliseconds since the access, in steps of a second. */
  public static long idleMillis(int access, long nowMillis) {
    return ((lru(nowMillis) - access) & LRU_MASK) * 1000L;
  }

  /** LFU: what a new record gets; not zero, so that it is not the first to go. */
  public static int lfuInitial(long nowMillis) {
    return minute(nowMillis) << 8 | NEW_COUNTER;
  }

  /**
   * LFU: the logarithmic counter 0..255 after decay.
   *
   * @param decayMinutes {@code lfu-decay-time}: minutes per step down; 0 for no decay
   */
  public static int lfuCounter(int access, long nowMillis, int decayMinutes) {
    int counter = access & 0xff;
    if (decayMinutes == 0) {
      return counter;
    }
    int elapsed = (minute(nowMillis) - (access >>> 8)) & MINUTE_MASK;
    return Math.max(0, counter - elapsed / decayMinutes);
  }

  /**
   * LFU: after one more access. The higher the counter, the less likely it is to go up.
   *
   * @param logFactor {@code lfu-log-factor}
   * @param random uniform in [0, 1)
   */
  public static int lfuTouch(
      int access, long nowMillis, int decayMinutes, int logFactor, double random) {
    int counter = lfuCounter(access, nowMillis, decayMinutes);
    if (counter < MAX_COUNTER) {
      double base = Math.max(0, counter - NEW_COUNTER);
      if (random < 1.0 / (base * logFactor + 1)) {
        counter++;
      }
    }
    return minute(nowMillis) << 8 | counter;
  }

  private static int minute(long nowMillis) {
    return (int) (nowMillis / 60_000) & MINUTE_MASK;
  }
}
