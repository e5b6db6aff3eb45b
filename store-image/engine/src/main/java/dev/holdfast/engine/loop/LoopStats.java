package dev.holdfast.engine.loop;

/**
 * What the loop counts for {@code INFO}; {@code CONFIG RESETSTAT} clears it. The command thread
 * owns it.
 */
public final class LoopStats {
  public long connectionsReceived;
  public long connectionsRejected;
  public long inputBytes;
  public long outputBytes;
  public long reads;
  public long writes;
  public long iterations;
  public long busyNanos;
  public long queryBufferDisconnections;
  public long outputBufferDisconnections;

  private long longestNanos;
  private long longestBesideSnapshotNanos;
  private boolean snapshotRuns;
  private boolean besideSnapshot;

  public void reset() {
    connectionsReceived = 0;
    connectionsRejected = 0;
    inputBytes = 0;
    outputBytes = 0;
    reads = 0;
    writes = 0;
    iterations = 0;
    busyNanos = 0;
    queryBufferDisconnections = 0;
    outputBufferDisconnections = 0;
    longestNanos = 0;
    longestBesideSnapshotNanos = 0;
  }

  /**
   * Tells in each iteration whether a rewrite or save is under way. The iterations in which it
   * begins and ends count as beside it.
   *
   * @return whether that has changed
   */
  public boolean snapshotRuns(boolean now) {
    if (now && !snapshotRuns) {
      longestBesideSnapshotNanos = 0;
    }
    besideSnapshot = now || snapshotRuns;
    boolean changed = now != snapshotRuns;
    snapshotRuns = now;
    return changed;
  }

  /** An iteration that did something has ended. */
  void busy(long nanos) {
    busyNanos += nanos;
    longestNanos = Math.max(longestNanos, nanos);
    if (besideSnapshot) {
      longestBesideSnapshotNanos = Math.max(longestBesideSnapshotNanos, nanos);
    }
  }

  /** The longest iteration: for so long a client had to wait for the loop alone. */
  public long longestNanos() {
    return longestNanos;
  }

  /** The longest iteration beside the rewrite or save that runs, or the last one. */
  public long longestBesideSnapshotNanos() {
    return longestBesideSnapshotNanos;
  }
}
