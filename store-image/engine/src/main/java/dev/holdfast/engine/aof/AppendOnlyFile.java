package dev.holdfast.engine.aof;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.latency.LatencyMonitor;
import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.rewrite.Snapshot;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StorageException;
import dev.holdfast.engine.storage.StoredFile;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The append-only file over time: which files it consists of, and how a rewrite exchanges them. The
 * command thread owns it.
 *
 * <p>A rewrite, and what a crash leaves at each point of it (the writer carries out the orders, one
 * after the other):
 *
 * <ol>
 *   <li>The snapshot begins, and {@link Order.Rotate} is given in the same instant: the present
 *       file is made durable, an empty file N+1 is created, then the manifest that names it becomes
 *       durable, then effects go there. A crash leaves the old files, complete, and perhaps an
 *       empty N+1. Because file N is durable before a manifest names N+1, it never has a torn end
 *       that is not the end of the log.
 *   <li>The snapshot is written to a temporary file. A crash leaves the old files and N+1, which
 *       hold everything.
 *   <li>{@link Order.Install}: the snapshot gets its name as base M+1, then the manifest that names
 *       it becomes durable. A crash in between leaves the old set and an unnamed base, which the
 *       next rewrite overwrites. When the manifest's own step fails half-way, the disk may name
 *       either set: both are kept, and the step is repeated until it succeeds, before anything else
 *       happens to these files.
 *   <li>The replaced files are deleted, then the manifest forgets them.
 * </ol>
 *
 * <p>Switching on at run time, and healing after a failed sync, do the same without step 1: effects
 * go to a temporary file that no manifest names, which becomes file N+1 in step 3.
 */
public final class AppendOnlyFile {
  private static final long SLICE_NANOS = 500_000;
  private static final long REPEAT_NANOS = 1_000_000_000;

  private enum Phase {
    IDLE,
    SNAPSHOT,
    INSTALLING,
    CLEANING
  }

  /** Begins a snapshot of the keyspace, at this offset of the log, that becomes a base. */
  public interface SnapshotStarter {
    Snapshot start(Path temporary, BaseFormat format, long offset);
  }

  private final Context context;
  private final Storage storage;
  private final Clock clock;
  private final AofFiles files;
  private final Background background;
  private final SnapshotStarter snapshots;
  private final LogWriter writer;
  private final AppendLog log;
  private final Rewrites rewrites = new Rewrites();
  private final StaleMark stale;
  private final DiskReserve reserve;

  private Manifest manifest = Manifest.empty();
  private Phase phase = Phase.IDLE;
  private List<String> unclaimed = List.of();
  private boolean scheduled;
  private boolean closing;
  private String closeFailure;
  private int unanswered;

  private Snapshot snapshot;
  private BaseFormat format;
  private boolean detached;
  private boolean switched;
  private Manifest planned;
  private long repeatAt;
  private volatile boolean deleted;
  private volatile boolean deletingTemporaries;

  private long baseBytes;
  private long earlierBytes;

  /** While the AOF is off: up to here its files hold everything. -1 when they are out of date. */
  private long offSince;

  public AppendOnlyFile(
      Context context,
      AofFiles files,
      Background background,
      LatencyMonitor latency,
      SnapshotStarter snapshots) {
    this.context = context;
    this.storage = context.storage();
    this.clock = context.clock();
    this.files = files;
    this.background = background;
    this.snapshots = snapshots;
    var manifests = new ManifestStore(storage, files.folder(), files.names());
    this.stale = new StaleMark(storage, files);
    this.reserve = new DiskReserve(context, background);
    this.writer =
        new LogWriter(
            storage,
            manifests,
            new UnsyncedMark(storage, files),
            reserve,
            new DiskTimes(latency),
            new FillAhead(clock, context.settings()),
            clock,
            context.wakeLoop());
    this.log = new AppendLog(writer, clock, context.settings(), context.startAgent().apply(writer));
  }

  public EffectLog log() {
    return log;
  }

  /** Writers are parked also while {@code condition} holds. */
  public void parkWhile(BooleanSupplier condition) {
    log.parkWhile(condition);
  }

  // ---- start and end

  /**
   * Goes on where the loaded files end.
   *
   * @param last the file that is appended to, at its end
   * @param resume what its end says
   * @param earlierBytes size of the base and of the incremental files before the last
   */
  public void openLoaded(
      Manifest loaded,
      StoredFile last,
      long lastBytes,
      Resume resume,
      long baseBytes,
      long earlierBytes)
      throws IOException {
    manifest = loaded;
    this.baseBytes = baseBytes;
    this.earlierBytes = earlierBytes;
    var seal =
        resume.chain() == null ? null : new Seal(resume.chain(), resume.file(), resume.durable());
    log.startAt(resume.offset());
    log.seals(seal != null);
    writer.open(last, lastBytes, resume.offset(), seal);
    log.attach();
    rewrites.growFrom(baseBytes);
    if (!manifest.history().isEmpty()) {
      clean();
    }
  }

  /**
   * What was loaded is only in the kernel's memory, because a sync failed before the restart:
   * writes are refused until a rewrite has put it into new files.
   */
  public void distrustLoaded() {
    writer.distrust("a sync failed before the restart, the files are being written anew");
  }

  /**
   * Knows which files are there while the AOF is off, so that switching it on replaces them.
   *
   * @param outOfDate whether data was changed since they were written
   * @param offset of the log, which goes on
   */
  public void knowManifest(Manifest found, boolean outOfDate, long offset) {
    manifest = found;
    log.startAt(offset);
    offSince = outOfDate ? -1 : log.appendedOffset();
  }

  /**
   * Says on the disk, once, that the files of an AOF that is off do not hold the data any more.
   * Comes before any newer file of data, and in time.
   */
  public void markWhenOutOfDate() {
    boolean inForce = log.mode() == AppendLog.Mode.ON || log.mode() == AppendLog.Mode.HEALING;
    if (inForce || manifest.isEmpty() || offSince < 0 || offSince == log.appendedOffset()) {
      return;
    }
    offSince = -1;
    var outOfDate = manifest;
    background.submit(
        () -> {
          try {
            stale.set(outOfDate);
          } catch (IOException e) {
            context
                .events()
                .warning("Cannot mark the append only file as out of date: " + e.getMessage());
          }
        });
  }

  /** Files that no manifest names are in the way of a new AOF; empty: none. */
  public void refuseToSwitchOn(List<String> files) {
    unclaimed = files;
  }

  /** Begins to switch on; effects count once the first base is complete. Null, or why not. */
  public String switchOn() {
    if (!unclaimed.isEmpty()) {
      return "files in %s that no manifest names are in the way, move them away: %s"
          .formatted(files.folder(), String.join(", ", unclaimed));
    }
    if (!isOn()) {
      log.awaitFirstBase();
      scheduled = true;
    }
    return null;
  }

  /**
   * Writes, syncs, closes; the files stay. Null, or the system's text if the last effects may not
   * be durable.
   */
  public String switchOff() {
    boolean healing = log.mode() == AppendLog.Mode.HEALING;
    var reason = close();
    if (healing || reason != null) {
      offSince = 0;
    }
    deletingTemporaries = true;
    background.submit(this::deleteTemporaries);
    return reason;
  }

  /**
   * Why its files do not hold everything now, and only a disk that works again, or the rewrite
   * after it, brings them to; null when they do, or while the AOF is off.
   */
  public String notWhole() {
    if (!isOn()) {
      return null;
    }
    String failed = writer.failure();
    return failed == null && log.mode() == AppendLog.Mode.HEALING
        ? "the append only file is being written anew after an error"
        : failed;
  }

  /** The last act of the process: as {@link #switchOff}. */
  public String close() {
    if (!isOn()) {
      return null;
    }
    String failed = writer.failure();
    if (failed != null && !writer.broken()) {
      return failed;
    }
    abandonRewrite();
    if (log.mode() != AppendLog.Mode.PENDING) {
      offSince = log.appendedOffset();
    }
    log.switchOff();
    submit(new Order.Close());
    closing = true;
    closeFailure = null;
    while (closing && (writer.failure() == null || writer.broken())) {
      for (var outcome = writer.outcome(); outcome != null; outcome = writer.outcome()) {
        on(outcome);
      }
      if (closing) {
        context.waiting().run();
      }
    }
    return closing ? writer.failure() : closeFailure;
  }

  /** Frees the memory of the log without writing; nothing may be called afterwards. */
  public void free() {
    log.free();
  }

  private void deleteTemporaries() {
    try {
      storage.delete(files.temporaryIncr());
      storage.delete(files.temporaryBase());
    } catch (IOException e) {
      context.events().warning("Cannot remove what an abandoned rewrite left: " + e.getMessage());
    }
    deletingTemporaries = false;
    context.wakeLoop().run();
  }

  private void deleteStaleMark() {
    try {
      stale.clear();
    } catch (IOException e) {
      context.events().warning("Cannot remove a mark that means nothing now: " + e.getMessage());
    }
  }

  // ---- rewriting

  /** A rewrite begins as soon as {@link #doWork} may begin it. */
  public void schedule() {
    scheduled = true;
  }

  public boolean isScheduled() {
    return scheduled;
  }

  /** From the snapshot until the new base is in force. */
  public boolean isRewriting() {
    return phase == Phase.SNAPSHOT || phase == Phase.INSTALLING;
  }

  /** No rewrite, and nothing left to do after one. */
  public boolean isIdle() {
    return phase == Phase.IDLE;
  }

  /** About ten times a second. */
  public void cron() {
    long now = clock.monotonicNanos();
    markWhenOutOfDate();
    switch (log.mode()) {
      case ON -> {
        if (writer.broken()) {
          if (!isRewriting() && !rewrites.restingAfterFailure(now)) {
            scheduled = true;
          }
        } else if (phase == Phase.IDLE
            && !scheduled
            && !rewrites.backingOff(now)
            && log.failure() == null) {
          var settings = context.settings();
          scheduled =
              rewrites.grown(currentBytes(), settings.rewritePercentage, settings.rewriteMinSize);
          if (scheduled) {
            context
                .events()
                .notice(
                    "Starting automatic rewriting of AOF on %d%% growth"
                        .formatted(rewrites.growth(currentBytes())));
          }
        }
      }
      case PENDING, HEALING -> {
        if (phase == Phase.IDLE && !rewrites.restingAfterFailure(now)) {
          scheduled = true;
        }
      }
      case OFF -> {}
    }
    if (isOn()) {
      reserve.cron();
    }
    log.markWhenIdle();
    log.wakeIfFailing();
  }

  /**
   * One step: what the writer finished, a slice of the snapshot, the next phase.
   *
   * @param mayStart whether a snapshot may begin now: false while another one runs
   */
  public int doWork(boolean mayStart) {
    int work = 0;
    for (var outcome = writer.outcome(); outcome != null; outcome = writer.outcome()) {
      on(outcome);
      work++;
    }
    if (mayStart && startScheduled()) {
      work++;
    }
    switch (phase) {
      case IDLE -> {}
      case SNAPSHOT -> work += copy();
      case INSTALLING -> {
        if (repeatAt != 0 && clock.monotonicNanos() - repeatAt >= 0) {
          repeatAt = 0;
          submit(new Order.Install(List.of(), planned));
        }
      }
      case CLEANING -> {
        if (deleted) {
          deleted = false;
          submit(new Order.Persist(planned));
        }
      }
    }
    log.suspendSyncs(context.settings().noFsyncOnRewrite && (snapshot != null || !mayStart));
    return work;
  }

  /** Begins what is scheduled, if nothing of the last rewrite is left to do. */
  public boolean startScheduled() {
    boolean free = phase == Phase.IDLE && unanswered == 0 && !deletingTemporaries;
    if (!scheduled || !free || !isOn()) {
      return false;
    }
    begin();
    return true;
  }

  /**
   * Gives up a rewrite whose base is not complete; what has begun to be put in force is finished.
   */
  public void abandonRewrite() {
    scheduled = false;
    if (phase == Phase.SNAPSHOT) {
      snapshot.abort();
      forgetSnapshot();
      phase = Phase.IDLE;
    }
  }

  private void begin() {
    scheduled = false;
    rewrites.started();
    if (reserve.isLow()) {
      reserve.release();
    }
    format = context.settings().rdbPreamble ? BaseFormat.RDB : BaseFormat.AOF;
    detached = log.mode() != AppendLog.Mode.ON || writer.broken();
    switched = false;
    phase = Phase.SNAPSHOT;
    if (detached) {
      submit(log.detach(files.temporaryIncr()));
    } else {
      planned = manifest.withNextIncr(files.names());
      submit(log.rotate(files.file(planned.incr().getLast().name()), planned));
    }
    snapshot = snapshots.start(files.temporaryBase(), format, log.appendedOffset());
    context.events().notice("Background append only file rewriting started");
  }

  private void submit(Order.Change order) {
    unanswered++;
    log.submit(order);
  }

  private int copy() {
    if (writer.broken() && !detached) {
      fail("the log cannot be written: " + writer.failure());
      return 1;
    }
    int work = snapshot.step(SLICE_NANOS) ? 1 : 0;
    if (snapshot.failure() != null) {
      fail(snapshot.failure());
      return 1;
    }
    if (snapshot.isComplete() && switched) {
      install();
      return 1;
    }
    return work;
  }

  private void install() {
    var names = files.names();
    var renames = new ArrayList<Order.Rename>();
    if (detached) {
      planned = manifest.rewritten(names, format, Long.MAX_VALUE).withNextIncr(names);
      renames.add(rename(files.temporaryBase(), planned.base().orElseThrow().name()));
      renames.add(rename(files.temporaryIncr(), planned.incr().getLast().name()));
    } else {
      planned = manifest.rewritten(names, format, manifest.incr().getLast().seq());
      renames.add(rename(files.temporaryBase(), planned.base().orElseThrow().name()));
    }
    phase = Phase.INSTALLING;
    submit(new Order.Install(renames, planned));
  }

  private Order.Rename rename(Path from, String name) {
    return new Order.Rename(from, files.file(name));
  }

  private void on(Order.Outcome outcome) {
    unanswered--;
    switch (outcome.order()) {
      case Order.Rotate rotate -> {
        if (outcome.failure() == null) {
          manifest = rotate.manifest();
          earlierBytes += outcome.leftBytes();
          switched = true;
        } else {
          log.seals(writer.isSealed());
          if (phase == Phase.SNAPSHOT) {
            fail(outcome.failure());
          }
        }
      }
      case Order.Detach _ -> {
        if (outcome.failure() == null) {
          switched = true;
        } else if (phase == Phase.SNAPSHOT) {
          fail(outcome.failure());
        }
      }
      case Order.Install _ -> installed(outcome);
      case Order.Persist persist -> {
        if (outcome.failure() == null) {
          manifest = persist.manifest();
        } else {
          context
              .events()
              .warning("Cannot forget replaced AOF files in the manifest: " + outcome.failure());
        }
        phase = Phase.IDLE;
      }
      case Order.Close _ -> {
        closing = false;
        closeFailure = outcome.failure();
      }
    }
  }

  private void installed(Order.Outcome outcome) {
    if (outcome.failure() == null) {
      manifest = planned;
      baseBytes = snapshot.bytes();
      earlierBytes = baseBytes;
      if (detached && isOn()) {
        log.attach();
        offSince = 0;
        background.submit(this::deleteStaleMark);
      }
      rewrites.succeeded(snapshot.elapsedNanos(), currentBytes());
      context
          .events()
          .notice(
              "Background AOF rewrite finished successfully: %d keys, %d bytes, %d ms"
                  .formatted(
                      snapshot.keysProcessed(), baseBytes, snapshot.elapsedNanos() / 1_000_000));
      forgetSnapshot();
      clean();
    } else if (outcome.uncertain()) {
      context
          .events()
          .warning(
              "Cannot make the manifest of the AOF durable, trying again: " + outcome.failure());
      repeatAt = clock.monotonicNanos() + REPEAT_NANOS;
    } else {
      fail(outcome.failure());
    }
  }

  private void forgetSnapshot() {
    snapshot = null;
  }

  private void fail(String reason) {
    context.events().warning("Background AOF rewrite failed: " + reason);
    rewrites.failed(snapshot.elapsedNanos(), clock.monotonicNanos());
    snapshot.abort();
    forgetSnapshot();
    phase = Phase.IDLE;
  }

  private void clean() {
    planned = manifest.withoutHistory();
    var names = manifest.history().stream().map(file -> files.file(file.name())).toList();
    if (names.isEmpty()) {
      phase = Phase.IDLE;
      return;
    }
    phase = Phase.CLEANING;
    background.submit(
        () -> {
          try {
            for (var name : names) {
              storage.delete(name);
            }
            storage.syncDirectory(files.folder());
          } catch (IOException e) {
            context
                .events()
                .warning("Cannot remove replaced AOF files: " + StorageException.reasonOf(e));
          }
          deleted = true;
          context.wakeLoop().run();
        });
  }

  // ---- facts

  public boolean isOn() {
    return log.mode() != AppendLog.Mode.OFF;
  }

  /** The refusal for commands that need room while the disk is almost full, null otherwise. */
  public String growthRefusal() {
    return isOn() && reserve.isLow()
        ? "MISCONF The disk is almost full, commands that need room are refused; DEL and rewrites"
            + " go on"
        : null;
  }

  /** The refusal for write commands while the log fails, null otherwise. */
  public String failure() {
    return isOn() ? log.failure() : null;
  }

  /** Bytes of all files. */
  public long currentBytes() {
    return earlierBytes + writer.fileBytes();
  }

  public long baseBytes() {
    return baseBytes;
  }

  /** The running snapshot, or null. */
  public Snapshot snapshot() {
    return snapshot;
  }

  public Facts facts() {
    return new Facts(
        rewrites.count(),
        rewrites.failures(),
        rewrites.lastSeconds(),
        rewrites.lastOk(),
        log.waitingBytes(),
        writer.syncing(),
        log.delayedWrites(),
        writer.written(),
        writer.durable(),
        log.worksInline(),
        log.worksInlineBecause(),
        writer.times.sync.nanos(),
        writer.times.syncMicros(50),
        writer.times.syncMicros(99),
        writer.times.syncMicros(99.9),
        log.unsyncedNanos(),
        reserve.free(),
        reserve.held(),
        log.mode() == AppendLog.Mode.HEALING || writer.broken(),
        log.mode() == AppendLog.Mode.PENDING);
  }

  /** A moment's numbers, for {@code INFO}. */
  public record Facts(
      long rewrites,
      int consecutiveFailures,
      long lastRewriteSeconds,
      boolean lastRewriteOk,
      long waitingBytes,
      boolean syncing,
      long delayedWrites,
      long written,
      long durable,
      boolean inline,
      String inlineBecause,
      long syncNanos,
      double syncMicros50,
      double syncMicros99,
      double syncMicros999,
      long unsyncedNanos,
      long diskFree,
      long diskReserve,
      boolean fenced,
      boolean pending) {}
}
