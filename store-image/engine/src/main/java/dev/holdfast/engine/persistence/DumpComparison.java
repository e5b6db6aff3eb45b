package dev.holdfast.engine.persistence;

import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.rewrite.EntryBlock;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Compares a dump, as it streams by, with the keyspace into which the append-only file was loaded.
 * Nothing of it is kept in memory.
 */
final class DumpComparison implements AutoCloseable {
  private static final int EXAMPLE_LENGTH = 64;
  private static final int SCAN_STEP = 1024;

  private final Context context;
  private final NewerDump dump;
  private final long now;
  private final FileInput input;
  private final ByteSource source;
  private final BaseReading reading;
  private long found;
  private long onlyInDump;
  private long changed;
  private long onlyInLog;
  private String example = "";

  DumpComparison(Context context, Background background, NewerDump dump) throws IOException {
    this.context = context;
    this.dump = dump;
    this.now = context.clock().wallMillis();
    this.input = new FileInput(context.storage().openForRead(dump.file()));
    this.source = new ByteSource(input, 0, 1 << 20);
    this.reading = BaseReading.ofAllTypes(source, background, context.wakeLoop());
  }

  /**
   * One slice; true when everything is compared.
   *
   * @throws IOException when the dump cannot be read to its end
   */
  boolean step(long nanos) throws IOException {
    long end = context.clock().monotonicNanos() + nanos;
    boolean finished = reading.isFinished();
    var block = reading.poll();
    if (block == null && finished) {
      if (reading.failure() != null) {
        throw reading.failure();
      }
      onlyInLog = keysAlive() - found;
      return true;
    }
    if (block == null) {
      context.waiting().run();
    }
    while (block != null) {
      while (block.next()) {
        compare(block);
      }
      reading.done(block);
      block = context.clock().monotonicNanos() - end < 0 ? reading.poll() : null;
    }
    return false;
  }

  private void compare(EntryBlock entry) {
    var keyspace = context.keyspace();
    if (isOver(entry.expireAtMillis())) {
      return;
    }
    long record = 0;
    if (entry.db() < keyspace.databases()) {
      long hash = keyspace.hash(entry.keyAddress(), entry.keyLength());
      record = keyspace.database(entry.db()).find(entry.keyAddress(), entry.keyLength(), hash);
    }
    if (record == 0 || isOver(Record.expireAt(record))) {
      onlyInDump++;
      show(entry);
      return;
    }
    found++;
    if (!isSame(entry, record)) {
      changed++;
      show(entry);
    }
  }

  private static boolean isSame(EntryBlock entry, long record) {
    return entry.type() == Record.type(record)
        && entry.expireAtMillis() == Record.expireAt(record)
        && entry.valueLength() == Record.valueLength(record)
        && Memory.equal(entry.valueAddress(), Record.valueAddress(record), entry.valueLength());
  }

  private boolean isOver(long expireAtMillis) {
    return expireAtMillis >= 0 && expireAtMillis <= now;
  }

  private void show(EntryBlock entry) {
    if (example.isEmpty()) {
      int length = Math.min(entry.keyLength(), EXAMPLE_LENGTH);
      example =
          new String(Memory.bytes(entry.keyAddress(), length), StandardCharsets.ISO_8859_1)
              .replaceAll("[^\\x20-\\x7e]", "?");
    }
  }

  private long keysAlive() {
    var keyspace = context.keyspace();
    long alive = 0;
    for (int i = 0; i < keyspace.databases(); i++) {
      alive += keyspace.database(i).size();
    }
    return alive == found ? alive : alive - keysOver();
  }

  private long keysOver() {
    var keyspace = context.keyspace();
    var over = new long[1];
    for (int i = 0; i < keyspace.databases(); i++) {
      var database = keyspace.database(i);
      long cursor = 0;
      do {
        cursor =
            database.expiring() == 0
                ? 0
                : database.scan(
                    cursor,
                    SCAN_STEP,
                    (_, record) -> {
                      over[0] += isOver(Record.expireAt(record)) ? 1 : 0;
                      return true;
                    });
      } while (cursor != 0);
    }
    return over[0];
  }

  /** What is different, once everything is compared. */
  Optional<DumpDifference> difference() {
    return onlyInDump + changed + onlyInLog == 0
        ? Optional.empty()
        : Optional.of(new DumpDifference(dump, onlyInDump, changed, onlyInLog, example));
  }

  /** Offset up to which the dump was read. */
  long position() {
    return reading.position();
  }

  void abandon() {
    reading.abandon();
  }

  /** Frees what it holds; once the reading has ended. */
  @Override
  public void close() throws IOException {
    reading.close();
    source.close();
    input.close();
  }
}
