package dev.holdfast.engine.info;

/**
 * Operations and bytes per second, averaged over the last 16 samples. Owned by the command thread.
 */
public final class Rates {
  private static final int SAMPLES = 16;

  private final Series operations = new Series();
  private final Series input = new Series();
  private final Series output = new Series();
  private long lastNanos;

  private static final class Series {
    private final long[] perSecond = new long[SAMPLES];
    private int next;
    private long last;

    void sample(long total, long nanos) {
      long grown = Math.max(0, total - last);
      last = total;
      perSecond[next] = nanos == 0 ? 0 : grown * 1_000_000_000L / nanos;
      next = (next + 1) % SAMPLES;
    }

    long average() {
      long sum = 0;
      for (long value : perSecond) {
        sum += value;
      }
      return sum / SAMPLES;
    }
  }

  /** Takes the counters as they are at a point of the monotonic clock. */
  public void sample(long nowNanos, long operationsTotal, long inputBytes, long outputBytes) {
    long nanos = lastNanos == 0 ? 0 : nowNanos - lastNanos;
    lastNanos = nowNanos;
    operations.sample(operationsTotal, nanos);
    input.sample(inputBytes, nanos);
    output.sample(outputBytes, nanos);
  }

  public long operationsPerSecond() {
    return operations.average();
  }

  public double inputKilobytesPerSecond() {
    return input.average() / 1024.0;
  }

  public double outputKilobytesPerSecond() {
    return output.average() / 1024.0;
  }
}
