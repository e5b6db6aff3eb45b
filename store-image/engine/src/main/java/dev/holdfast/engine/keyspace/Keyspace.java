package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.memory.Slabs;

/** All databases. Signatures only for now. */
public final class Keyspace {
  /**
   * @param hashSeed secret; random in production
   */
  public Keyspace(Slabs slabs, int databases, long hashSeed, Clock clock) {}

  public Database database(int number) {
    throw new UnsupportedOperationException();
  }

  public int databases() {
    throw new UnsupportedOperationException();
  }

  /** Exchanges the contents of two databases; {@link Database} objects keep their numbers. */
  public void swap(int a, int b) {
    throw new UnsupportedOperationException();
  }

  public long hash(long keyAddress, int keyLength) {
    throw new UnsupportedOperationException();
  }

  /** Brings the bucket's cache line near. */
  public void prefetchIndex(int db, long hash) {
    throw new UnsupportedOperationException();
  }

  /** Brings the header of the record that the hash points to near. */
  public void prefetchRecord(int db, long hash) {
    throw new UnsupportedOperationException();
  }

  /** Keys in all databases. */
  public long keys() {
    throw new UnsupportedOperationException();
  }

  /** Bytes held: records, indexes, and what waits to be reclaimed. */
  public long usedBytes() {
    throw new UnsupportedOperationException();
  }

  /** What is no longer reachable and waits to be reclaimed; part of {@link #usedBytes}. */
  public long pendingBytes() {
    throw new UnsupportedOperationException();
  }

  /** Gives pending memory back for about that long; false when nothing waits. */
  public boolean reclaim(long nanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * Goes on with running index moves for about that long, and starts due ones; false when there are
   * none.
   */
  public boolean rehashFor(long nanos) {
    throw new UnsupportedOperationException();
  }

  /** Hook of a snapshot; null when there is none. {@link SnapshotWalk} sets it. */
  public void setListener(ChangeListener listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * All records of now become "not captured"; records born from now on are no part of the snapshot.
   */
  public int snapshotEpochBegin() {
    throw new UnsupportedOperationException();
  }

  public void snapshotEnd() {
    throw new UnsupportedOperationException();
  }

  /** Gives all memory back. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
