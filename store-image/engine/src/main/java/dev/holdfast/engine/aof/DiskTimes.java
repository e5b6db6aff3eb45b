package dev.holdfast.engine.aof;

import dev.holdfast.engine.latency.LatencyHistogram;
import dev.holdfast.engine.latency.LatencyMonitor;

/** How long the disk takes for the log. Whoever has the pen, or syncs, measures. */
final class DiskTimes {
  final SmoothedTime sync = SmoothedTime.ofSyncs();
  final SmoothedTime write = SmoothedTime.ofWrites();

  private final LatencyHistogram syncs = new LatencyHistogram();
  private final LatencyMonitor monitor;

  DiskTimes(LatencyMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * @param always whether replies waited for it
   * @param here on the command thread
   */
  void synced(long nanos, boolean always, boolean here) {
    sync.measured(nanos, here);
    synchronized (syncs) {
      syncs.record(nanos);
    }
    monitor.took(always ? "aof-fsync-always" : "aof-fsync", nanos);
  }

  void wrote(long nanos, boolean here) {
    write.measured(nanos, here);
    monitor.took("aof-write", nanos);
  }

  /** Of all syncs since the start, in microseconds; 0 when there was none. */
  double syncMicros(double percentile) {
    synchronized (syncs) {
      return syncs.percentileMicros(percentile);
    }
  }
}
