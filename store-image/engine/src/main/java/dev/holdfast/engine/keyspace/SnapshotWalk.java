package dev.holdfast.engine.keyspace;

/**
 * Signatures only for now. Visits every record that existed at the start exactly once, as it was
 * then.
 */
public final class SnapshotWalk {
  /** Begins: from now on, records are captured before they change. */
  public SnapshotWalk(Keyspace keyspace, SnapshotSink sink) {}

  /**
   * Captures about that many further records; true while there is more to do. After the last step
   * the epoch is ended.
   */
  public boolean step(int maxRecords) {
    throw new UnsupportedOperationException();
  }

  /** Records captured so far. */
  public long captured() {
    throw new UnsupportedOperationException();
  }

  /** Records that existed at the start. */
  public long total() {
    throw new UnsupportedOperationException();
  }

  /** Gives up: nothing more is captured. Does nothing after the last step. */
  public void abort() {
    throw new UnsupportedOperationException();
  }
}
