package dev.holdfast.engine.aof;

import dev.holdfast.engine.latency.LatencyHistogram;
import dev.holdfast.engine.latency.LatencyMonitor;

/** How long the disk takes for the log. Whoever has the pen, or syncs, measures. */
final class DiskTimes {
  final SmoothedTime sync = new SmoothedTime();
  final SmoothedTime write = new SmoothedTime();

  private final LatencyHistogram syncs = new LatencyHistogram();
  private final LatencyMonitor monitor;

  DiskTimes(LatencyMonitor monitor) {
    this.monitor = monitor;
  }

  void synced(long nanos, boolean always) {
    sync.measured(nanos);
    synchronized (syncs) {
      syncs.record(nanos);
    }
    monitor.took(always ? "aof-fsync-always" : "aof-fsync", nanos);
  }

  void wrote(long nanos) {
    write.measured(nanos);
    monitor.took("aof-write", nanos);
  }

  /** Of all syncs since the start, in microseconds; 0 when there was none. */
  double syncMicros(double percentile) {
    synchronized (syncs) {
      return syncs.percentileMicros(percentile);
    }
  }
}
