package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Slabs;
import java.util.ArrayDeque;

/**
 * All databases, their memory and the epoch of snapshots.
 *
 * <p>What is cleared is unreachable at once, but millions of records take seconds to free. So the
 * whole index is set aside and {@link #reclaim} takes it apart in steps; until then its bytes are
 * counted as used, and named apart as pending.
 *
 * <p>Epochs: each record carries the epoch it was born or captured in. {@link #snapshotEpochBegin}
 * starts a new one, and from then on a record of any other epoch is one that the snapshot still has
 * to capture. There are 64 of them. A snapshot that ends early leaves records of older epochs
 * behind, so after 62 of those in a row all records are brought to one epoch in one go, before an
 * old one could be taken for the current.
 */
public final class Keyspace {
  private static final int DISMANTLED_PER_LOOK = 16;

  private final Slabs slabs;
  private final Hash hash;
  private final Clock clock;
  private final Database[] databases;
  private final ArrayDeque<Index> abandoned = new ArrayDeque<>();
  private ChangeListener listener;
  private int epoch;
  private int unfinishedEpochs;
  private int accessOfNew;

  /** What prefetches read, so that they are not optimised away. */
  @SuppressWarnings("unused")
  private long prefetched;

  /**
   * @param hashSeed secret; random in production
   * @param clock only for the time limits of {@link #reclaim} and {@link #rehashFor}
   */
  public Keyspace(Slabs slabs, int databases, long hashSeed, Clock clock) {
    this.slabs = slabs;
    this.hash = new Hash(hashSeed);
    this.clock = clock;
    this.databases = new Database[databases];
    for (int i = 0; i < databases; i++) {
      this.databases[i] = new Database(this, slabs, i);
    }
  }

  public Database database(int number) {
    return databases[number];
  }

  public int databases() {
    return databases.length;
  }

  /** Exchanges the contents of two databases; {@link Database} objects keep their numbers. */
  public void swap(int a, int b) {
    Index contents = databases[a].index();
    databases[a].setIndex(databases[b].index());
    databases[b].setIndex(contents);
  }

  public long hash(long keyAddress, int keyLength) {
    return hash.of(keyAddress, keyLength);
  }

  /** Brings the bucket's cache line near. */
  public void prefetchIndex(int db, long hash) {
    prefetched += Memory.getLong(databases[db].index().bucketOf(hash));
  }

  /** Brings the header of the record that the hash points to near. */
  public void prefetchRecord(int db, long hash) {
    long record = Bucket.firstTagged(databases[db].index().bucketOf(hash), hash);
    if (record != 0) {
      prefetched += Memory.getLong(record);
    }
  }

  /**
   * Brings near what the hashes lead to: first all buckets, then all records. Nothing but loads,
   * one after the other, so that the processor waits for many of them at once.
   */
  public void prefetch(int db, long[] hashes, int count) {
    Index index = databases[db].index();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Memory.getLong(index.bucketOf(hashes[i]));
    }
    for (int i = 0; i < count; i++) {
      long record = Bucket.firstTagged(index.bucketOf(hashes[i]), hashes[i]);
      if (record != 0) {
        sum += Memory.getLong(record);
      }
    }
    prefetched += sum;
  }

  /**
   * What the access bits of records are that are put from now on, until somebody sets them; 0 at
   * first. See {@link Access}.
   */
  public void accessOfNew(int access) {
    accessOfNew = access;
  }

  /**
   * Whether masses of keys are about to come, for which no client waits one by one: memory is taken
   * in larger pieces then. The end makes all that was {@linkplain Database#expect expected} void.
   */
  public void expectMuch(boolean expected) {
    slabs.expectMuch(expected);
    if (!expected) {
      for (Database database : databases) {
        database.expect(0);
      }
    }
  }

  int accessOfNew() {
    return accessOfNew;
  }

  /** Keys in all databases. */
  public long keys() {
    long keys = 0;
    for (Database database : databases) {
      keys += database.size();
    }
    return keys;
  }

  /** Bytes held: records, indexes, and what waits to be reclaimed. */
  public long usedBytes() {
    long bytes = pendingBytes();
    for (Database database : databases) {
      bytes += database.index().bytes();
    }
    return bytes;
  }

  /** What is no longer reachable and waits to be reclaimed; part of {@link #usedBytes}. */
  public long pendingBytes() {
    long bytes = slabs.pendingBytes();
    for (Index index : abandoned) {
      bytes += index.bytes();
    }
    return bytes;
  }

  /**
   * Gives pending memory back for about that long; false when nothing (more) can be given back now.
   */
  public boolean reclaim(long nanos) {
    long deadline = clock.monotonicNanos() + nanos;
    do {
      if (!slabs.reclaimStep() && !dismantleStep()) {
        return slabs.pendingBytes() > 0;
      }
    } while (clock.monotonicNanos() - deadline < 0);
    return true;
  }

  private boolean dismantleStep() {
    for (Index index : abandoned) {
      if (!index.isHeld()) {
        if (!index.dismantle(DISMANTLED_PER_LOOK)) {
          abandoned.remove(index);
        }
        return true;
      }
    }
    return false;
  }

  /**
   * Goes on with running index moves for about that long, and starts due ones; false when there are
   * none.
   */
  public boolean rehashFor(long nanos) {
    long deadline = clock.monotonicNanos() + nanos;
    for (Database database : databases) {
      if (database.index().moveUntil(clock, deadline)) {
        return true;
      }
    }
    return false;
  }

  /** Hook of a snapshot; null when there is none. {@link SnapshotWalk} sets it. */
  public void setListener(ChangeListener listener) {
    this.listener = listener;
  }

  /**
   * All records of now become "not captured"; records born from now on are no part of the snapshot.
   */
  public int snapshotEpochBegin() {
    if (listener != null) {
      throw new IllegalStateException("a snapshot is running; end it before the next one begins");
    }
    if (unfinishedEpochs == Record.EPOCHS - 2) {
      settleEpochs();
    }
    epoch = (epoch + 1) % Record.EPOCHS;
    unfinishedEpochs++;
    for (Database database : databases) {
      database.index().joinSnapshot(database.id());
    }
    return epoch;
  }

  /** Ends an epoch before all records were captured. */
  public void snapshotEnd() {
    snapshotEnd(false);
  }

  void snapshotEnd(boolean complete) {
    listener = null;
    if (complete) {
      unfinishedEpochs = 0;
    }
    for (Database database : databases) {
      database.index().leaveSnapshot();
    }
    for (Index index : abandoned) {
      index.leaveSnapshot();
    }
  }

  private void settleEpochs() {
    RecordVisitor settle =
        (db, record) -> {
          Record.setEpoch(record, epoch);
          return true;
        };
    for (Database database : databases) {
      long cursor = 0;
      do {
        cursor = database.scan(cursor, 1000, settle);
      } while (cursor != 0);
    }
    unfinishedEpochs = 0;
  }

  /** Gives all memory back; nothing may be called afterwards. */
  public void close() {
    for (Database database : databases) {
      abandoned.add(database.index());
    }
    while (dismantleStep()) {
      // the rest
    }
    while (slabs.reclaimStep()) {
      // the rest
    }
  }

  Index newIndex() {
    return new Index(slabs, hash);
  }

  int epoch() {
    return epoch;
  }

  /** Copy before write: a record that the running snapshot still needs is handed over first. */
  void capture(Index index, long record) {
    if (listener != null && Record.epoch(record) != epoch) {
      listener.beforeChange(index.snapshotDb(), record);
      Record.setEpoch(record, epoch);
    }
  }

  boolean isAbandoned(Index index) {
    return abandoned.contains(index);
  }

  void abandon(Index index) {
    if (listener != null && index.snapshotDb() >= 0) {
      listener.beforeClear(index.snapshotDb());
    }
    abandoned.add(index);
  }
}
