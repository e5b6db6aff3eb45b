package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.keyspace.SnapshotSink;
import dev.holdfast.engine.keyspace.SnapshotWalk;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StorageException;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * The state of the keyspace at one moment, written to a file while the keyspace goes on changing,
 * without a fork.
 *
 * <p>The command thread copies: in slices ({@link #step}) the records that nobody touches, and at
 * once each record that is about to change (copy before write). The background thread compresses,
 * checksums and writes the copies. Between the two are blocks of 256 KiB. The walk rests while 8
 * MiB are under way, so memory stays bounded on a slow disk; a record about to change cannot rest,
 * so while more than {@link #OVERLOADED} bytes are under way, the caller parks writers. A limit of
 * bytes per second makes the walk rest too, and only the walk: it never slows a writer.
 *
 * <p>The command thread gives no memory of blocks back: that waits for all threads of the process,
 * and the background thread may be waiting for a processor. For the same reason the background
 * thread has no lower priority; safepoints would wait for it.
 *
 * <p>The command thread calls everything here.
 */
public final class Snapshot implements SnapshotSink {
  /** While more bytes than this are under way, nothing should change records. */
  public static final long OVERLOADED = 64 << 20;

  private static final long ROOM = 8 << 20;
  private static final int RECORDS_AT_ONCE = 64;

  private final Clock clock;
  private final Background background;
  private final Runnable wakeLoop;
  private final Storage storage;
  private final SnapshotSpec spec;
  private final EntryQueue queue = new EntryQueue();
  private final SnapshotWalk walk;
  private final long startedAt;

  private EntryBlock block = queue.take();
  private final Pace pace;
  private boolean walking = true;
  private boolean hurried;
  private volatile boolean aborted;
  private long longestStep;

  // The background thread's.
  private SnapshotFile file;

  // Published by the background thread.
  private volatile boolean complete;
  private volatile String failure;
  private volatile long bytes;

  /**
   * Begins: what the keyspace holds now is what the file will hold.
   *
   * @param bytesPerSecond how fast the file may grow, 0: no limit; asked again and again
   */
  public Snapshot(
      Keyspace keyspace,
      Storage storage,
      Clock clock,
      Background background,
      Runnable wakeLoop,
      SnapshotSpec spec,
      LongSupplier bytesPerSecond) {
    this.clock = clock;
    this.background = background;
    this.wakeLoop = wakeLoop;
    this.storage = storage;
    this.spec = spec;
    this.startedAt = clock.monotonicNanos();
    this.pace = new Pace(clock, bytesPerSecond);
    background.submit(this::open);
    this.walk = new SnapshotWalk(keyspace, this);
  }

  @Override
  public void record(int db, long record) {
    block.add(
        db,
        Record.type(record),
        Record.encoding(record),
        Record.expireAt(record),
        Record.keyAddress(record),
        Record.keyLength(record),
        Record.valueAddress(record),
        Record.valueLength(record));
    if (block.isFull()) {
      send();
    }
  }

  private void send() {
    var full = block;
    block = queue.take();
    queue.sent(full);
    background.submit(() -> write(full));
  }

  /** Copies records for about {@code nanos}; false when there was nothing to copy, or no room. */
  public boolean step(long nanos) {
    if (failure != null) {
      abort();
    }
    if (!walking || !mayGoOn()) {
      return false;
    }
    long start = clock.monotonicNanos();
    long spent;
    do {
      walking = walk.step(RECORDS_AT_ONCE);
      spent = clock.monotonicNanos() - start;
    } while (walking && spent < nanos && mayGoOn());
    longestStep = Math.max(longestStep, spent);
    if (!walking) {
      send();
      background.submit(block::free);
      background.submit(this::finish);
    }
    return true;
  }

  private boolean mayGoOn() {
    return queue.queuedBytes() <= ROOM && (hurried || pace.allows(bytes + queuedBytes()));
  }

  /** Somebody waits for it: from now on without a limit of bytes per second. */
  public void hurry() {
    hurried = true;
  }

  /** The file is complete and durable. */
  public boolean isComplete() {
    return complete;
  }

  /** The system's text when it cannot be completed; null otherwise. */
  public String failure() {
    return failure;
  }

  /** Gives up; the temporary file is removed in the background. */
  public void abort() {
    if (aborted || complete) {
      return;
    }
    aborted = true;
    if (walking) {
      walking = false;
      walk.abort();
      background.submit(block::free);
    }
    background.submit(this::discard);
  }

  /** Bytes of copies that are not written yet. */
  public long queuedBytes() {
    return queue.queuedBytes() + (walking ? block.size() : 0);
  }

  public boolean isAborted() {
    return aborted;
  }

  /** Size of the file; final when it is complete. */
  public long bytes() {
    return bytes;
  }

  public long keysProcessed() {
    return walk.captured();
  }

  public long keysTotal() {
    return walk.total();
  }

  /** The longest time that one {@link #step} took. */
  public long longestStepNanos() {
    return longestStep;
  }

  /** An estimate of how long it will still take, from how long it took so far; -1 at first. */
  public long remainingSeconds() {
    long done = keysProcessed();
    return done == 0 ? -1 : (long) (elapsedNanos() / 1e9 * (keysTotal() - done) / done);
  }

  public long elapsedNanos() {
    return clock.monotonicNanos() - startedAt;
  }

  // ---- background thread

  private void open() {
    attempt(() -> file = new SnapshotFile(storage, spec));
  }

  private void write(EntryBlock full) {
    if (!aborted) {
      attempt(() -> file.write(full));
    }
    queue.done(full);
    if (file != null) {
      bytes = file.size();
    }
    wakeLoop.run();
  }

  private void finish() {
    attempt(
        () -> {
          file.complete();
          bytes = file.size();
          file.close();
          queue.close();
          complete = true;
        });
    wakeLoop.run();
  }

  private void discard() {
    if (file != null && !complete) {
      file.discard();
    }
    queue.close();
    wakeLoop.run();
  }

  private interface Work {
    void run() throws IOException;
  }

  private void attempt(Work work) {
    if (failure != null) {
      return;
    }
    try {
      work.run();
    } catch (IOException e) {
      failure = StorageException.reasonOf(e);
    }
  }
}
