package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.formats.offheap.ByteSink;
import dev.holdfast.formats.rdb.RdbWriter;
import java.io.IOException;

/**
 * A snapshot as RDB. Entries of several databases may alternate, because changed records come out
 * of turn: each change of database is a {@code SELECTDB}.
 */
public final class RdbSnapshot implements SnapshotFormat {
  /** Auxiliary field: the logical offset of the log at which the snapshot was taken. */
  public static final String LOG_OFFSET = "holdfast-log-offset";

  private final SnapshotSpec spec;
  private final RdbWriter writer;
  private final boolean[] announced;
  private int db = -1;

  RdbSnapshot(SnapshotSpec spec, ByteSink sink) {
    this.spec = spec;
    this.writer = new RdbWriter(sink, spec.rdb());
    this.announced = new boolean[spec.keys().length];
  }

  @Override
  public void start() throws IOException {
    writer.start();
    writer.standardAux(spec.serverVersion(), spec.unixSeconds(), spec.usedMemory(), spec.base());
    if (spec.logOffset().isPresent()) {
      writer.aux(LOG_OFFSET, Long.toString(spec.logOffset().getAsLong()));
    }
  }

  @Override
  public void write(EntryBlock block) throws IOException {
    while (block.next()) {
      if (block.db() != db) {
        select(block.db());
      }
      switch (block.type()) {
        case Record.STRING ->
            writer.entry(
                block.keyAddress(),
                block.keyLength(),
                block.valueAddress(),
                block.valueLength(),
                block.expireAtMillis());
        default ->
            throw new IllegalStateException(
                "a snapshot cannot hold values of type " + block.type());
      }
    }
  }

  private void select(int next) throws IOException {
    db = next;
    writer.selectDb(db);
    if (!announced[db]) {
      announced[db] = true;
      writer.resizeDb(spec.keys()[db], spec.expiring()[db]);
    }
  }

  @Override
  public void end() throws IOException {
    writer.end();
  }

  @Override
  public void close() {
    writer.close();
  }
}
