package dev.holdfast.engine.persistence;

import dev.holdfast.engine.clock.Clock;
import java.util.Locale;

/** How far loading has come, how fast it is, and how long it will take. */
final class LoadProgress {
  private static final long LINE_NANOS = 3_000_000_000L;

  private final Clock clock;
  private final EventLog events;
  private long total;
  private long startedMillis;
  private long startedNanos;
  private long nextLineNanos;

  LoadProgress(Clock clock, EventLog events) {
    this.clock = clock;
    this.events = events;
  }

  void begin(long totalBytes) {
    total = totalBytes;
    startedMillis = clock.wallMillis();
    startedNanos = clock.monotonicNanos();
    nextLineNanos = startedNanos + LINE_NANOS;
  }

  /** Says every few seconds where it is. */
  void at(long loadedBytes) {
    long now = clock.monotonicNanos();
    if (now - nextLineNanos < 0) {
      return;
    }
    nextLineNanos = now + LINE_NANOS;
    events.notice(
        String.format(
            Locale.ROOT,
            "Loading: %.1f%% of %d bytes, %.1f MB/s, about %d seconds to go",
            100.0 * loadedBytes / Math.max(1, total),
            total,
            bytesPerSecond(loadedBytes) / 1e6,
            secondsLeft(loadedBytes)));
  }

  long totalBytes() {
    return total;
  }

  long startedAtSeconds() {
    return startedMillis / 1000;
  }

  long elapsedNanos() {
    return clock.monotonicNanos() - startedNanos;
  }

  long bytesPerSecond(long loadedBytes) {
    return (long) (loadedBytes * 1e9 / Math.max(1, elapsedNanos()));
  }

  /** At the rate so far; at least 1 while something is left. */
  long secondsLeft(long loadedBytes) {
    long left = Math.max(0, total - loadedBytes);
    return left == 0 ? 0 : 1 + left / Math.max(1, bytesPerSecond(loadedBytes));
  }
}
