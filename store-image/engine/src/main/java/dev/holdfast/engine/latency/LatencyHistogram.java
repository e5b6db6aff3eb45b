package dev.holdfast.engine.latency;

/**
 * Counts durations in buckets whose width grows with the duration: 8 per power of two of
 * nanoseconds, so a percentile is off by at most 12.5%. Made on first use, because most commands
 * are never called.
 */
public final class LatencyHistogram {
  private static final int STEPS = 8;
  private static final int BUCKETS = 64 * STEPS;

  private long[] counts;
  private long total;

  /** Counts one. One thread at a time. */
  public void record(long nanos) {
    if (counts == null) {
      counts = new long[BUCKETS];
    }
    counts[bucket(Math.max(nanos, 0))]++;
    total++;
  }

  /** Forgets everything. */
  public void reset() {
    counts = null;
    total = 0;
  }

  public long count() {
    return total;
  }

  /**
   * The upper bound in microseconds of the bucket that holds the given percentile (0 to 100); 0
   * when nothing was recorded.
   */
  public double percentileMicros(double percentile) {
    if (total == 0) {
      return 0;
    }
    long wanted = Math.max(1, (long) Math.ceil(total * percentile / 100));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return upperBound(i) / 1000.0;
      }
    }
    return upperBound(BUCKETS - 1) / 1000.0;
  }

  /** How many took less than two to the power of {@code exponent} nanoseconds; from 3 on. */
  public long countBelow(int exponent) {
    long below = 0;
    for (int i = 0; counts != null && i < bucket(1L << exponent); i++) {
      below += counts[i];
    }
    return below;
  }

  private static int bucket(long nanos) {
    if (nanos < STEPS) {
      return (int) nanos;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int step = (int) (nanos >>> (exponent - 3)) & (STEPS - 1);
    return (exponent - 2) * STEPS + step;
  }

  private static long upperBound(int bucket) {
    if (bucket < STEPS) {
      return bucket;
    }
    int exponent = bucket / STEPS + 2;
    long step = bucket % STEPS;
    return (1L << exponent) + ((step + 1) << (exponent - 3)) - 1;
  }
}
