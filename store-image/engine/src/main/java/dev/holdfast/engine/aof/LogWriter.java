package dev.holdfast.engine.aof;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StorageException;
import dev.holdfast.engine.storage.StoredFile;
import dev.holdfast.formats.aof.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Owns the file that effects are appended to.
 *
 * <p>There is one pen. The writer's thread has it while orders other than {@link Order.Sync} are
 * under way; otherwise the command thread has it and may write by itself ({@link #writeInline}),
 * also while the thread syncs. The command thread counts what it submitted, the thread publishes
 * what it completed: when both are equal, the pen is back, with everything that the thread did to
 * the file.
 *
 * <p>When the disk fails there are two cases:
 *
 * <ul>
 *   <li>A write failed (the disk is full): the file is cut back to its last whole block, the block
 *       stays first in the queue, and is tried again each second.
 *   <li>A sync failed: the kernel may have dropped the pages and call them clean, so that a second
 *       sync proves nothing. The file is <em>broken</em>: nothing goes there any more, what was
 *       appended is dropped here, and only a rewrite from memory into new files ({@link
 *       Order.Detach}, {@link Order.Install}) heals.
 * </ul>
 */
final class LogWriter implements Agent {
  private static final long RETRY_NANOS = 1_000_000_000;

  /** A group is synced when it has this many bytes, also when more are waiting. */
  private static final long LARGEST_GROUP = 8 << 20;

  private final Storage storage;
  private final ManifestStore manifests;
  private final UnsyncedMark unsynced;
  private final DiskReserve reserve;
  private final Clock clock;
  private final Runnable wakeLoop;

  private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
  private final Queue<Order.Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Queue<LogBlock> free = new ConcurrentLinkedQueue<>();

  // Command thread.
  private long pensTaken;
  private long syncsAsked;

  // Published by the writer's thread.
  private volatile long pensReturned;
  private volatile long syncsDone;

  // Published by whoever wrote or synced.
  private volatile long written;
  private volatile long durable;
  private volatile long fileBytes;
  private volatile String failure;
  private volatile boolean broken;

  // With the pen.
  private StoredFile file;
  private Seal seal;
  private boolean counts;
  private long synced;
  private long retryAt;

  final DiskTimes times;
  final FillAhead zeros;

  LogWriter(
      Storage storage,
      ManifestStore manifests,
      UnsyncedMark unsynced,
      DiskReserve reserve,
      DiskTimes times,
      FillAhead zeros,
      Clock clock,
      Runnable wakeLoop) {
    this.storage = storage;
    this.manifests = manifests;
    this.unsynced = unsynced;
    this.reserve = reserve;
    this.times = times;
    this.zeros = zeros;
    this.clock = clock;
    this.wakeLoop = wakeLoop;
  }

  @Override
  public String roleName() {
    return "log-writer";
  }

  @Override
  public boolean isUrgent() {
    return true;
  }

  // ---- command thread

  /**
   * Takes over a file at the start; everything in it counts as durable up to {@code offset}.
   *
   * @param checked closes its groups; null: a file without lines
   */
  void open(StoredFile opened, long size, long offset, Seal checked) throws IOException {
    file = opened;
    seal = checked;
    fileBytes = size;
    counts = true;
    broken = false;
    written = offset;
    durable = offset;
    if (size == 0 && checked != null) {
      try {
        fileBytes = begin(opened, checked, offset);
      } catch (IOException e) {
        // On a full disk the first group brings its mark.
        opened.truncate(0);
        seal = Seal.ofNewFile(clock);
      }
    }
  }

  /** The file that was taken over cannot be trusted: as after a failed sync. */
  void distrust(String reason) {
    failure = reason;
    broken = true;
  }

  /** Whether the command thread has the pen and the file takes writes. */
  boolean penIsHere() {
    return pensReturned == pensTaken && failure == null;
  }

  boolean syncing() {
    return syncsDone != syncsAsked;
  }

  void submit(Order order) {
    if (order instanceof Order.Sync) {
      syncsAsked++;
    } else {
      pensTaken++;
    }
    orders.add(order);
  }

  /**
   * Only while {@link #penIsHere()}: writes now; what fails stays with the writer, which tries
   * again.
   */
  void writeInline(LogBlock block, boolean sync) {
    if (!write(block, sync, true)) {
      submit(new Order.Write(block, sync));
      return;
    }
    if (sync) {
      sync(true, true);
    }
  }

  Order.Outcome outcome() {
    return outcomes.poll();
  }

  /** An empty block. */
  LogBlock block() {
    var block = free.poll();
    return block != null ? block : new LogBlock();
  }

  /**
   * Only while {@link #penIsHere()}: whether promised bytes are not marked as such in the file yet.
   */
  boolean wantsMark() {
    return file != null && !broken && counts && seal != null && seal.knowsLessThan(durable);
  }

  /** Only while {@link #penIsHere()}: whether groups of the present file are closed by lines. */
  boolean isSealed() {
    return seal != null;
  }

  /** Everything before it is in the kernel. */
  long written() {
    return written;
  }

  /** Everything before it survives a power cut. */
  long durable() {
    return durable;
  }

  /** Size of the present file. */
  long fileBytes() {
    return fileBytes;
  }

  /** The system's text while the disk does not take what it is given; null otherwise. */
  String failure() {
    return failure;
  }

  /** Whether the failure is one that only a rewrite heals. */
  boolean broken() {
    return broken;
  }

  boolean idle() {
    return pensReturned == pensTaken && syncsDone == syncsAsked;
  }

  // ---- writer's thread

  @Override
  public int doWork() {
    int work = 0;
    for (var order = orders.peek(); order != null; order = orders.peek()) {
      if (retryAt != 0 && clock.monotonicNanos() - retryAt < 0) {
        break;
      }
      work++;
      switch (order) {
        case Order.Write write -> {
          if (!group(write)) {
            wakeLoop.run();
            return work;
          }
        }
        case Order.Sync _ -> {
          sync(false, false);
          orders.remove();
          syncsDone++;
        }
        case Order.Change change -> {
          var outcome = change(change);
          orders.remove();
          outcomes.add(outcome);
          pensReturned++;
        }
      }
      wakeLoop.run();
    }
    return work;
  }

  /**
   * Writes this block and those right behind it, and syncs once; false when a block did not go
   * through.
   */
  private boolean group(Order.Write first) {
    long bytes = 0;
    boolean sync = false;
    int blocks = 0;
    var next = (Order) first;
    boolean passed = true;
    while (next instanceof Order.Write(var block, var withSync)) {
      long length = block.length();
      passed = write(block, withSync, false);
      if (!passed) {
        break;
      }
      orders.remove();
      blocks++;
      sync |= withSync;
      bytes += length;
      next = bytes < LARGEST_GROUP ? orders.peek() : null;
    }
    if (sync) {
      sync(true, false);
    }
    pensReturned += blocks;
    return passed;
  }

  private Order.Outcome change(Order.Change change) {
    boolean replacing = false;
    long left = fileBytes;
    try {
      switch (change) {
        case Order.Rotate rotate -> rotate(rotate);
        case Order.Detach detach -> detach(detach);
        case Order.Install(var renames, var manifest) -> {
          boolean repeated = renames.isEmpty();
          if (!repeated) {
            prepareInstall(renames, manifest);
          }
          replacing = true;
          install(manifest, repeated);
        }
        case Order.Persist(var manifest) -> {
          replacing = true;
          manifests.persist(manifest);
        }
        case Order.Close _ -> close();
      }
      return new Order.Outcome(change, null, false, left);
    } catch (IOException e) {
      return new Order.Outcome(change, StorageException.reasonOf(e), replacing, left);
    }
  }

  private void rotate(Order.Rotate order) throws IOException {
    var next = order.next();
    zeros.cut(file, fileBytes);
    requireSync(next);
    var created = storage.create(next);
    var checked = order.sealed() ? Seal.ofNewFile(clock) : null;
    long size;
    try {
      size = begin(created, checked, order.offset());
      storage.syncDirectory(next.getParent());
      manifests.persist(order.manifest());
    } catch (IOException e) {
      // The new file stays: a manifest that names it may have reached the disk.
      created.close();
      throw e;
    }
    abandonFile();
    file = created;
    seal = checked;
    fileBytes = size;
  }

  private void detach(Order.Detach order) throws IOException {
    storage.createDirectories(order.temporary().getParent());
    var created = storage.create(order.temporary());
    var checked = order.sealed() ? Seal.ofNewFile(clock) : null;
    long size = begin(created, checked, order.offset());
    abandonFile();
    file = created;
    seal = checked;
    fileBytes = size;
    counts = false;
    broken = false;
    failure = null;
    written = order.offset();
  }

  /**
   * Makes durable what a new file begins with, so that a reader of the rest knows where it is;
   * returns its size.
   */
  private long begin(StoredFile created, Seal checked, long offset) throws IOException {
    if (checked == null) {
      return 0;
    }
    return checked.mark(created, offset, durable, clock.monotonicNanos());
  }

  private void prepareInstall(List<Order.Rename> renames, Manifest manifest) throws IOException {
    manifests.announce(manifest);
    for (var rename : renames) {
      requireSync(rename.to());
      storage.rename(rename.from(), rename.to());
      storage.syncDirectory(rename.to().getParent());
    }
  }

  private void install(Manifest manifest, boolean repeated) throws IOException {
    if (repeated) {
      manifests.persist(manifest);
    } else {
      manifests.commit();
    }
    counts = true;
    durable = Math.max(durable, synced);
    unsynced.clear();
  }

  private void close() throws IOException {
    if (file == null) {
      return;
    }
    try {
      if (!broken) {
        zeros.cut(file, fileBytes);
        sync(false, false);
      }
      if (wantsMark()) {
        lastMark();
      }
      if (broken) {
        throw new StorageException("close", Path.of("the AOF"), failure);
      }
    } finally {
      abandonFile();
      failure = null;
      broken = false;
    }
  }

  /** Says that everything is durable, which it is already. */
  private void lastMark() throws IOException {
    try {
      fileBytes += seal.mark(file, written, durable, clock.monotonicNanos());
    } catch (IOException e) {
      // No room for it: half a line must not stay, because a stock server would append to it.
      file.truncate(fileBytes);
      file.sync();
    }
  }

  private void abandonFile() {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      // Nothing more goes to this file, and what it holds was synced or is not trusted: there is
      // nothing left to lose.
    }
    file = null;
    zeros.reset();
  }

  private void requireSync(Path next) throws IOException {
    if (!sync(false, false)) {
      throw new StorageException("sync the log before", next, failure);
    }
  }

  // ---- with the pen

  private boolean write(LogBlock block, boolean synced, boolean here) {
    if (broken || file == null) {
      release(block);
      return true;
    }
    long start = clock.monotonicNanos();
    if (seal != null && !block.sealed) {
      seal.close(block, durable, start);
      block.sealed = true;
    }
    // Only a file with lines: one without them is to be as stock's at every moment.
    if (synced && seal != null && zeros.before(file, fileBytes, block.length() - block.written)) {
      zeros.filled(syncFile());
      if (broken) {
        release(block);
        return true;
      }
      start = clock.monotonicNanos();
    }
    long before = fileBytes - block.written;
    try {
      while (block.written < block.length()) {
        block.written +=
            file.write(block.bytes.address() + block.written, block.length() - block.written);
      }
    } catch (IOException e) {
      cutBack(block, before);
      if (StorageException.isDiskFull(e) && reserve.release()) {
        return write(block, synced, here);
      }
      failure = StorageException.reasonOf(e);
      retryAt = clock.monotonicNanos() + RETRY_NANOS;
      return false;
    }
    fileBytes = before + block.length();
    written = block.endOffset;
    retryAt = 0;
    failure = null;
    times.wrote(clock.monotonicNanos() - start, here);
    release(block);
    return true;
  }

  private void cutBack(LogBlock block, long size) {
    try {
      file.truncate(size);
      zeros.reset();
      block.written = 0;
    } catch (IOException e) {
      // The half that is there stays, and the next try goes on behind it.
    }
    fileBytes = size + block.written;
  }

  /**
   * True when everything written so far is durable.
   *
   * @param always somebody waits for it
   * @param here on the command thread
   */
  private boolean sync(boolean always, boolean here) {
    long nanos = syncFile();
    if (nanos < 0) {
      return false;
    }
    times.synced(nanos, always, here);
    if (always) {
      zeros.synced(nanos);
    }
    return true;
  }

  /** Makes everything written so far durable; how long that took, or -1. */
  private long syncFile() {
    if (broken) {
      return -1;
    }
    long covered = written;
    long start = clock.monotonicNanos();
    try {
      file.sync();
    } catch (IOException e) {
      failure = StorageException.reasonOf(e);
      broken = true;
      unsynced.set();
      return -1;
    }
    synced = covered;
    if (counts) {
      durable = covered;
    }
    return clock.monotonicNanos() - start;
  }

  /** Frees the blocks that wait for reuse or for the disk; nothing may be called afterwards. */
  void free() {
    for (var block = free.poll(); block != null; block = free.poll()) {
      block.bytes.close();
    }
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      if (order instanceof Order.Write(var block, _)) {
        block.bytes.close();
      }
    }
  }

  private void release(LogBlock block) {
    if (block.recycle()) {
      free.add(block);
    }
  }
}
