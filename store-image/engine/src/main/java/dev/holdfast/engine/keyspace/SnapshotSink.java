package dev.holdfast.engine.keyspace;

/** Where a snapshot's records go. */
@FunctionalInterface
public interface SnapshotSink {
  /**
   * Copies what it needs of the record; the address is valid during the call only.
   *
   * @param db number that the database had when the snapshot began
   */
  void record(int db, long record);
}
