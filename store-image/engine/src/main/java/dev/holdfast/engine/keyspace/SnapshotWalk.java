package dev.holdfast.engine.keyspace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Hands every record that existed at the start to a sink, exactly once and as it was then, while
 * the keyspace goes on changing.
 *
 * <p>The walk follows the scan cursor of each index, which misses nothing that stays, through all
 * moves. What is about to change or go is handed over first (copy before write). Whichever comes
 * first sets the record's epoch, and the other one passes it by; records born later have it from
 * the start. So no list of keys and no copy of the index is needed, and the memory that a snapshot
 * takes is what its sink keeps.
 *
 * <p>Contents, not numbers, are walked: after {@code SWAPDB} a record still goes to the number it
 * had at the start, and contents that were cleared are kept until the walk, which takes them first,
 * is done with them.
 */
public final class SnapshotWalk {
  private final Keyspace keyspace;
  private final SnapshotSink sink;
  private final RecordVisitor visitor;
  private final List<Index> toDo = new ArrayList<>();
  private final long total;
  private final int epoch;
  private long cursor;
  private Index current;
  private long captured;
  private boolean ended;

  /** Begins: from now on, records are captured before they change. */
  public SnapshotWalk(Keyspace keyspace, SnapshotSink sink) {
    this(keyspace, sink, db -> {});
  }

  /**
   * Begins: from now on, records are captured before they change.
   *
   * @param onClear hears of databases (numbers as at the start) before they are cleared
   */
  public SnapshotWalk(Keyspace keyspace, SnapshotSink sink, IntConsumer onClear) {
    this.keyspace = keyspace;
    this.sink = sink;
    this.visitor = this::visit;
    this.epoch = keyspace.snapshotEpochBegin();
    this.total = keyspace.keys();
    for (int i = 0; i < keyspace.databases(); i++) {
      Index index = keyspace.database(i).index();
      if (index.size() == 0) {
        index.release();
      } else {
        toDo.add(index);
      }
    }
    keyspace.setListener(
        new ChangeListener() {
          @Override
          public void beforeChange(int db, long record) {
            captured++;
            sink.record(db, record);
          }

          @Override
          public void beforeClear(int db) {
            onClear.accept(db);
          }
        });
  }

  /**
   * Captures about that many further records; true while there is more to do. After the last step
   * the epoch is ended.
   */
  public boolean step(int maxRecords) {
    if (ended) {
      return false;
    }
    if (current == null) {
      current = next();
    }
    if (current != null) {
      cursor = current.scan(current.snapshotDb(), cursor, maxRecords, visitor);
      if (cursor == 0) {
        current.release();
        current = null;
      }
    }
    if (current == null && toDo.isEmpty()) {
      ended = true;
      keyspace.snapshotEnd(true);
    }
    return !ended;
  }

  private boolean visit(int db, long record) {
    if (Record.epoch(record) != epoch) {
      Record.setEpoch(record, epoch);
      captured++;
      sink.record(db, record);
    }
    return true;
  }

  private Index next() {
    for (Index index : toDo) {
      if (keyspace.isAbandoned(index)) {
        toDo.remove(index);
        return index;
      }
    }
    return toDo.isEmpty() ? null : toDo.removeFirst();
  }

  /** Records captured so far. */
  public long captured() {
    return captured;
  }

  /** Records that existed at the start. */
  public long total() {
    return total;
  }

  /** Gives up: nothing more is captured. Does nothing after the last step. */
  public void abort() {
    if (!ended) {
      ended = true;
      keyspace.snapshotEnd();
    }
  }
}
