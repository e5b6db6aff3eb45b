package dev.holdfast.engine.aof;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.persistence.PersistenceSettings;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.formats.aof.AofWriter;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.offheap.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * The command thread's side of the log: encodes effects into the present block, and at the end of
 * each iteration of the loop decides what happens to it.
 *
 * <table>
 *   <caption>End of an iteration</caption>
 *   <tr><td>{@code always}</td><td>write and sync, here while syncs are fast and on the writer's thread while they are slow; one sync for all effects that are there
 *   (group commit). Replies wait for the sync.</td></tr>
 *   <tr><td>{@code everysec}</td><td>write before replies leave, so that a killed process loses nothing; the writer's thread syncs as soon as the oldest effect that
 *   is not durable is half a second old. When it is a whole second old, writers are parked, so that a power cut loses at most one second. A write waits behind
 *   a running sync only after a write was seen to stall there.</td></tr>
 *   <tr><td>{@code no}</td><td>write before replies leave.</td></tr>
 * </table>
 */
final class AppendLog implements EffectLog {
  /**
   * An effect that is this old and not durable starts a sync under {@code everysec}: leaves half a
   * second for the sync before writers are parked.
   */
  private static final long SYNC_AFTER_NANOS = 500_000_000;

  private static final long PARK_AFTER_NANOS = 1_000_000_000;

  /** Bytes that may wait for the writer before write commands are parked. */
  private static final long MOST_WAITING_BYTES = 64 << 20;

  /**
   * A write on the command thread that takes this long beside a running sync was stalled by it; for
   * a minute, writes then wait for the sync on the writer's thread.
   */
  private static final long STALL_NANOS = 2_000_000;

  private static final long STALL_MEMORY_NANOS = 60_000_000_000L;

  /** A block of this size is a group of its own, and more effects begin the next one. */
  private static final long GROUP_BYTES = 1 << 20;

  /** Goes before each {@code SELECT} of ours: stock servers begin with a bare one. */
  private static final byte[] OURS = ascii("#\r\n");

  private static final byte[] SELECT = ascii("SELECT");
  private static final byte[] MULTI = ascii("*1\r\n$5\r\nMULTI\r\n");
  private static final byte[] EXEC = ascii("*1\r\n$4\r\nEXEC\r\n");

  /** What the file that is written is worth. */
  enum Mode {
    /** Effects are only counted. */
    OFF,
    /**
     * The AOF is being switched on: the file is worth something once its base exists. Nobody waits
     * for it.
     */
    PENDING,
    /**
     * The file broke, a new one is worth something once its base exists. What was held got an
     * error.
     */
    HEALING,
    ON
  }

  private final LogWriter writer;
  private final Clock clock;
  private final PersistenceSettings settings;
  private final Runnable wakeWriter;

  private Mode mode = Mode.OFF;
  private boolean suspendSyncs;
  private BooleanSupplier overloaded = () -> false;
  private LogBlock block;
  private AofWriter encoder;

  private long appended;
  private long handedOver;
  private long released;
  private int db = -1;
  private boolean sealed;
  private long markLookedAt;
  private long stamped;

  private boolean inTransaction;
  private int transactionEffects;
  private long transactionStart;

  private long newerSince;
  private long syncingSince;
  private long syncCovers;
  private long stalledAt;
  private boolean stalls;
  private long delayed;
  private long bytesWritten;

  private final GroupCommit group = new GroupCommit();
  private boolean gathers;
  private String failure;
  private boolean failureSeen;

  AppendLog(LogWriter writer, Clock clock, PersistenceSettings settings, Runnable wakeWriter) {
    this.writer = writer;
    this.clock = clock;
    this.settings = settings;
    this.wakeWriter = wakeWriter;
    use(writer.block());
  }

  // ---- switching

  /** Effects go to the writer's file, which is worth something. */
  void attach() {
    mode = Mode.ON;
    newerSince = writer.durable() < appended ? clock.monotonicNanos() : 0;
    syncingSince = 0;
  }

  /** The AOF is on, but nothing is kept before {@link #detach}. */
  void awaitFirstBase() {
    mode = Mode.PENDING;
    handedOver = appended;
  }

  /**
   * Effects go to a new temporary file from now on, starting with a {@code SELECT}, once the order
   * that this returns is submitted.
   */
  Order.Detach detach(Path temporary) {
    flush();
    if (mode == Mode.PENDING) {
      newerSince = 0;
    } else {
      mode = Mode.HEALING;
      newerSince = syncingSince != 0 ? syncingSince : newerSince;
    }
    syncingSince = 0;
    handedOver = appended;
    beginFile();
    return new Order.Detach(temporary, appended, sealed);
  }

  /** Effects go to the next file, once the order that this returns is submitted. */
  Order.Rotate rotate(Path next, Manifest manifest) {
    flush();
    beginFile();
    return new Order.Rotate(next, manifest, appended, sealed);
  }

  private void beginFile() {
    db = -1;
    sealed = settings.aofChecksum;
  }

  /** What is appended goes to a file whose groups are closed by lines, or not. */
  void seals(boolean sealed) {
    this.sealed = sealed;
  }

  /** Effects only count from now on; what was appended is handed over. */
  void switchOff() {
    if (inTransaction) {
      end();
      begin();
    }
    flush();
    mode = Mode.OFF;
    newerSince = 0;
    syncingSince = 0;
  }

  Mode mode() {
    return mode;
  }

  private boolean on() {
    return mode != Mode.OFF;
  }

  /** Carries on counting where the files that were loaded end. */
  void startAt(long offset) {
    appended = offset;
    handedOver = offset;
    released = offset;
  }

  /** While true, {@code everysec} does not sync ({@code no-appendfsync-on-rewrite}). */
  void suspendSyncs(boolean suspend) {
    suspendSyncs = suspend;
  }

  /** Writers are parked also while {@code condition} holds. */
  void parkWhile(BooleanSupplier condition) {
    overloaded = condition;
  }

  // ---- effects

  @Override
  public void append(int effectDb, Args effect) {
    boolean opens = inTransaction && transactionEffects++ == 0;
    if (opens || !inTransaction) {
      stamp();
    }
    if (!on()) {
      appended += select(effectDb) + length(effect);
      return;
    }
    group.appended();
    long before = block.length();
    long uncounted = select(effectDb);
    if (opens) {
      transactionStart = block.length();
      block.bytes.put(MULTI);
      uncounted += MULTI.length;
    }
    int count = effect.count();
    encoder.command(count);
    for (int i = 0; i < count; i++) {
      encoder.argument(effect.address(i), effect.length(i));
    }
    appended += block.length() - before - uncounted;
    if (!inTransaction) {
      closeLargeGroup();
    }
  }

  private void closeLargeGroup() {
    if (block.length() >= GROUP_BYTES) {
      flush();
    }
  }

  /** Bytes to add to the offset while the AOF is off, else those that are no effects. */
  private long select(int wanted) {
    if (wanted == db) {
      return 0;
    }
    db = wanted;
    if (!on()) {
      return 23 + (wanted > 9 ? 1 : 0);
    }
    if (sealed) {
      block.bytes.put(OURS);
    }
    encoder.command(2).argument(SELECT).argument(wanted);
    return sealed ? OURS.length : 0;
  }

  private static long length(Args effect) {
    int count = effect.count();
    long length = header(count);
    for (int i = 0; i < count; i++) {
      length += header(effect.length(i)) + effect.length(i) + 2;
    }
    return length;
  }

  private static int header(int number) {
    int length = 4;
    for (int rest = number / 10; rest != 0; rest /= 10) {
      length++;
    }
    return length;
  }

  private void stamp() {
    if (on() && settings.timestamps) {
      long now = clock.wallMillis() / 1000;
      if (now != stamped) {
        stamped = now;
        if (sealed) {
          flush();
        }
        encoder.timestamp(now);
      }
    }
  }

  @Override
  public void begin() {
    inTransaction = true;
    transactionEffects = 0;
  }

  @Override
  public void end() {
    inTransaction = false;
    if (transactionEffects > 1) {
      if (on()) {
        block.bytes.put(EXEC);
      }
      appended += MULTI.length + EXEC.length;
    } else if (transactionEffects == 1 && on()) {
      unwrap();
    }
    closeLargeGroup();
  }

  /** One effect needs no transaction: takes the {@code MULTI} out again. */
  private void unwrap() {
    NativeBuffer bytes = block.bytes;
    long from = transactionStart + MULTI.length;
    long rest = bytes.length() - from;
    Memory.copy(bytes.address() + from, bytes.address() + transactionStart, rest);
    bytes.truncate(transactionStart + rest);
  }

  @Override
  public long appendedOffset() {
    return appended;
  }

  // ---- the end of an iteration

  @Override
  public void endOfIteration() {
    observeFailure();
    gathers = false;
    answer();
    if (block.length() > 0 && !staysOpen()) {
      handOver();
      answer();
    }
    followSyncs();
    observeFailure();
    release();
  }

  /**
   * About ten times a second: when nothing was appended since the last look and everything is
   * durable, a mark says so.
   */
  void markWhenIdle() {
    boolean idle = mode == Mode.ON && markLookedAt == appended && block.length() == 0;
    markLookedAt = appended;
    if (idle && writer.durable() >= appended && writer.penIsHere() && writer.wantsMark()) {
      writer.writeInline(next(), false);
    }
  }

  /** Gives the present block to the writer's thread, for orders that must come after it. */
  void flush() {
    if (block.length() > 0) {
      age();
      submit(new Order.Write(next(), always()));
    }
  }

  void submit(Order order) {
    writer.submit(order);
    wakeWriter.run();
  }

  /**
   * Under {@code always} a group takes in more effects while the writer's thread makes the one
   * before durable, and a little longer, see {@link GroupCommit}.
   */
  private boolean staysOpen() {
    if (!always() || failure != null) {
      return false;
    }
    age();
    if (!writer.penIsHere()) {
      return true;
    }
    gathers = group.gathers(clock.monotonicNanos());
    return gathers;
  }

  /** Replies to what is durable leave at the end of this iteration. */
  private void answer() {
    if (group.isUnderWay() && writer.durable() >= handedOver) {
      long most = writer.times.sync.inline() ? 0 : writer.times.sync.nanos() / 8 * 5;
      group.durable(clock.monotonicNanos(), most);
    }
  }

  @Override
  public boolean gathers() {
    return gathers;
  }

  @Override
  public boolean syncs() {
    return always() && !writer.penIsHere();
  }

  private boolean always() {
    return mode == Mode.ON && settings.fsync == Fsync.ALWAYS;
  }

  private void age() {
    if (newerSince == 0 && mode == Mode.ON) {
      newerSince = clock.monotonicNanos();
    }
  }

  private void handOver() {
    boolean sync = always();
    if (!writer.penIsHere() || !inline(sync)) {
      flush();
      return;
    }
    age();
    boolean beside = writer.syncing();
    var full = next();
    long start = clock.monotonicNanos();
    writer.writeInline(full, sync);
    if (beside && clock.monotonicNanos() - start > STALL_NANOS) {
      stalls = true;
      stalledAt = start;
    }
  }

  private boolean inline(boolean sync) {
    if (sync) {
      return !writer.syncing() && writer.times.sync.nextInline();
    }
    if (writer.syncing() && stalls) {
      if (clock.monotonicNanos() - stalledAt < STALL_MEMORY_NANOS) {
        delayed++;
        return false;
      }
      stalls = false;
    }
    return writer.times.write.nextInline();
  }

  private LogBlock next() {
    group.handedOver();
    var full = block;
    full.endOffset = appended;
    full.db = Math.max(db, 0);
    handedOver = appended;
    bytesWritten += full.length();
    use(writer.block());
    return full;
  }

  private void use(LogBlock empty) {
    block = empty;
    encoder = new AofWriter(empty.bytes);
  }

  private void followSyncs() {
    long durable = writer.durable();
    if (syncingSince != 0 && durable >= syncCovers) {
      syncingSince = 0;
    }
    if (durable >= handedOver) {
      newerSince = 0;
    }
    if (newerSince == 0 || mode != Mode.ON || writer.syncing() || failure != null) {
      return;
    }
    // Under always each write brings its sync; what is left without one was written under another
    // policy.
    boolean due =
        switch (settings.fsync) {
          case ALWAYS -> writer.idle();
          case EVERYSEC -> !suspendSyncs && unsyncedNanos() >= SYNC_AFTER_NANOS;
          case NO -> false;
        };
    if (due) {
      syncingSince = newerSince;
      syncCovers = handedOver;
      newerSince = 0;
      submit(new Order.Sync());
    }
  }

  private void observeFailure() {
    var reason = writer.failure();
    if (reason == null && mode != Mode.HEALING) {
      failure = null;
      failureSeen = false;
    } else if (failure == null) {
      failure = "MISCONF Errors writing to the AOF file: " + reason;
    }
  }

  private void release() {
    if (mode == Mode.OFF || mode == Mode.PENDING) {
      released = appended;
    } else if (failure == null || settings.fsync == Fsync.ALWAYS) {
      boolean always = settings.fsync == Fsync.ALWAYS;
      released = Math.max(released, always ? writer.durable() : writer.written());
    } else if (failureSeen) {
      released = appended;
    } else {
      failureSeen = true;
    }
  }

  @Override
  public long releasedOffset() {
    return released;
  }

  @Override
  public String failureOfHeld() {
    return failure;
  }

  /** The refusal for write commands while the log fails; null otherwise. */
  String failure() {
    return failure;
  }

  @Override
  public boolean parkWriters() {
    if (overloaded.getAsBoolean()) {
      return true;
    }
    if (mode != Mode.ON || failure != null) {
      return false;
    }
    return handedOver - writer.written() > MOST_WAITING_BYTES
        || settings.fsync == Fsync.EVERYSEC && !suspendSyncs && unsyncedNanos() >= PARK_AFTER_NANOS;
  }

  /** Age of the oldest effect that is not durable; 0 when there is none. */
  long unsyncedNanos() {
    long since = syncingSince != 0 ? syncingSince : newerSince;
    return since == 0 ? 0 : clock.monotonicNanos() - since;
  }

  @Override
  public long durableOffset() {
    return writer.durable();
  }

  /** Bytes that were appended and are not in the kernel. */
  long waitingBytes() {
    return mode == Mode.OFF ? 0 : Math.max(0, appended - writer.written());
  }

  /** Frees the blocks; nothing may be called afterwards. */
  void free() {
    block.bytes.close();
    writer.free();
  }

  long delayedWrites() {
    return delayed;
  }

  /** A write that failed is tried again each second, by the writer's thread. */
  void wakeIfFailing() {
    if (failure != null) {
      wakeWriter.run();
    }
  }

  boolean worksInline() {
    return settings.fsync == Fsync.ALWAYS
        ? writer.times.sync.inline()
        : writer.times.write.inline();
  }

  /** Why the command thread writes by itself, or not, in words. */
  String worksInlineBecause() {
    var call = settings.fsync == Fsync.ALWAYS ? "sync" : "write";
    var time = settings.fsync == Fsync.ALWAYS ? writer.times.sync : writer.times.write;
    return "a %s takes %d us, the writer's thread takes over above %d us and gives back below %d us"
        .formatted(
            call,
            time.nanos() / 1000,
            SmoothedTime.SLOW_NANOS / 1000,
            SmoothedTime.FAST_NANOS / 1000);
  }

  /** Bytes handed to the writer since the start, annotations included. */
  long bytesWritten() {
    return bytesWritten;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
