package dev.holdfast.engine.aof;

import java.util.Arrays;

/**
 * Whether filling the log ahead with zeros pays on this disk: measured, not believed. A sync of an
 * append commits the file's new size and blocks too; over zeros that are there already it has only
 * data to write (118 instead of 208 µs on the ext4 where this was designed). The price is that
 * everything is written twice, which a disk near its bandwidth does not have to give.
 *
 * <p>A trial is {@value #SAMPLES} groups without, then as many with zeros; it is repeated after ten
 * minutes, because disks and neighbours change.
 */
final class FillChoice {
  static final int SAMPLES = 64;
  static final long REPEAT_NANOS = 600_000_000_000L;

  /** Filling has to be this much better: it also delays the sync that it comes before. */
  private static final double WORTH = 0.9;

  private enum Stage {
    PLAIN,
    FILLED,
    DECIDED
  }

  private final long stepBytes;
  private final long[] plain = new long[SAMPLES];
  private final long[] filled = new long[SAMPLES];
  private Stage stage = Stage.PLAIN;
  private int count;
  private long bytes;
  private long fillNanos;
  private boolean pays;
  private long decidedAt;

  /**
   * @param stepBytes zeros that are written at a time
   */
  FillChoice(long stepBytes) {
    this.stepBytes = stepBytes;
  }

  /** Whether the next group should find zeros. */
  boolean fills(long nowNanos) {
    if (stage == Stage.DECIDED && nowNanos - decidedAt > REPEAT_NANOS) {
      stage = Stage.PLAIN;
      count = 0;
    }
    return stage == Stage.FILLED || stage == Stage.DECIDED && pays;
  }

  /** One step was filled and synced in so long. */
  void filled(long nanos) {
    fillNanos = fillNanos == 0 ? nanos : fillNanos + (nanos - fillNanos) / 4;
  }

  /** Zeros cannot be written now. */
  void failed(long nowNanos) {
    decide(false, nowNanos);
  }

  /**
   * A group was written and synced.
   *
   * @param overZeros whether it found zeros all the way
   */
  void measured(boolean overZeros, long length, long nanos, long nowNanos) {
    if (stage == Stage.DECIDED || overZeros != (stage == Stage.FILLED)) {
      return;
    }
    (overZeros ? filled : plain)[count++] = nanos;
    bytes = overZeros ? bytes + length : 0;
    if (count < SAMPLES) {
      return;
    }
    count = 0;
    if (stage == Stage.PLAIN) {
      stage = Stage.FILLED;
    } else {
      long share = fillNanos * (bytes / SAMPLES) / stepBytes;
      decide(median(filled) + share < WORTH * median(plain), nowNanos);
    }
  }

  private void decide(boolean better, long nowNanos) {
    stage = Stage.DECIDED;
    pays = better;
    decidedAt = nowNanos;
    bytes = 0;
  }

  private static long median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** In a word, for people. */
  String state() {
    return switch (stage) {
      case PLAIN, FILLED -> "measuring";
      case DECIDED -> pays ? "yes" : "no";
    };
  }
}
