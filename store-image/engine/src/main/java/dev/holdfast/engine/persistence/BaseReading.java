package dev.holdfast.engine.persistence;

import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.rewrite.EntryBlock;
import dev.holdfast.engine.rewrite.EntryQueue;
import dev.holdfast.engine.rewrite.RdbSnapshot;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Reads an RDB file on the background thread (read, checksum, decompress) while the command thread
 * puts its entries into the keyspace. Afterwards the source stands behind the file's checksum,
 * where the commands of a combined file begin.
 */
final class BaseReading implements RdbVisitor {
  /** The reader rests while this much waits for the command thread. */
  private static final long ROOM = 32 << 20;

  private static final long REST_NANOS = 50_000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** How many keys the file says are in a database. */
  record Announced(int database, long keys) {}

  /** Stands for each type that this server does not have, where those are wanted. */
  static final int OTHER_TYPE = -1;

  private final ByteSource source;
  private final boolean allTypes;
  private final Runnable wakeLoop;
  private final EntryQueue queue = new EntryQueue();
  private final Queue<EntryBlock> blocks = new ConcurrentLinkedQueue<>();

  private final Queue<Announced> announced = new ConcurrentLinkedQueue<>();

  private EntryBlock filling = queue.take();
  private long selected;

  private volatile boolean abandoned;
  private volatile boolean finished;
  private volatile IOException failure;
  private volatile long position;
  private volatile long usedMemory;
  private volatile long logOffset = -1;

  BaseReading(ByteSource source, Background background, Runnable wakeLoop) {
    this(source, background, wakeLoop, false);
  }

  /** Gives keys of other types too, without a value and as {@link #OTHER_TYPE}. */
  static BaseReading ofAllTypes(ByteSource source, Background background, Runnable wakeLoop) {
    return new BaseReading(source, background, wakeLoop, true);
  }

  private BaseReading(
      ByteSource source, Background background, Runnable wakeLoop, boolean allTypes) {
    this.source = source;
    this.allTypes = allTypes;
    this.wakeLoop = wakeLoop;
    background.submit(this::read);
  }

  // ---- command thread

  /** The next block, or null when there is none now; give it back with {@link #done}. */
  EntryBlock poll() {
    return blocks.poll();
  }

  void done(EntryBlock block) {
    queue.done(block);
  }

  /** What the file says of a database that comes, or null; true or not. */
  Announced pollAnnounced() {
    return announced.poll();
  }

  /** Everything was read, well or not, and {@link #poll} gives what is still to come. */
  boolean isFinished() {
    return finished;
  }

  /** Why the file could not be read to its end, or null. */
  IOException failure() {
    return failure;
  }

  /** Offset up to which the file was read. */
  long position() {
    return position;
  }

  /** What the file says of the memory that its data took (AUX {@code used-mem}); 0 unknown. */
  long usedMemory() {
    return usedMemory;
  }

  /** Logical offset of the log at which the snapshot was taken; -1 when it does not say so. */
  long logOffset() {
    return logOffset;
  }

  /** Frees the blocks; after the last one was given back. */
  void close() {
    queue.close();
  }

  /** Ends reading early. */
  void abandon() {
    abandoned = true;
  }

  // ---- background thread

  private void read() {
    try {
      new RdbReader(source).read(this);
      send();
    } catch (Abandoned e) {
      // The process ends; nobody asks any more.
    } catch (IOException e) {
      failure = e;
    }
    filling.free();
    finished = true;
    wakeLoop.run();
  }

  @Override
  public void aux(String key, String value) {
    boolean number = NUMBER.matcher(value).matches();
    if (number && key.equals("used-mem")) {
      usedMemory = Long.parseLong(value);
    } else if (number && key.equals(RdbSnapshot.LOG_OFFSET)) {
      logOffset = Long.parseLong(value);
    }
  }

  @Override
  public void selectDb(long database) {
    selected = database;
  }

  @Override
  public void resizeDb(long keys, long expiring) {
    announced.add(new Announced((int) Math.min(selected, Integer.MAX_VALUE), keys));
  }

  @Override
  public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {
    add(Record.STRING, key, keyLength, value, valueLength, entry);
  }

  @Override
  public boolean unsupported(long key, int keyLength, RdbEntry entry) {
    if (allTypes) {
      add(OTHER_TYPE, key, keyLength, key, 0, entry);
    }
    return allTypes;
  }

  private void add(int type, long key, int keyLength, long value, int valueLength, RdbEntry entry) {
    filling.add(
        (int) entry.database(),
        type,
        0,
        entry.expireAtMillis(),
        key,
        keyLength,
        value,
        valueLength);
    if (filling.isFull()) {
      send();
    }
  }

  private void send() {
    while (queue.queuedBytes() > ROOM && !abandoned) {
      LockSupport.parkNanos(REST_NANOS);
    }
    if (abandoned) {
      throw new Abandoned();
    }
    position = source.offset();
    queue.sent(filling);
    blocks.add(filling);
    filling = queue.take();
    wakeLoop.run();
  }

  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;

    Abandoned() {
      super(null, null, false, false);
    }
  }
}
