package dev.holdfast.engine.persistence;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.aof.AofFiles;
import dev.holdfast.engine.aof.AppendOnlyFile;
import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.latency.LatencyMonitor;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.rewrite.Snapshot;
import dev.holdfast.engine.storage.Storage;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that keeps the keyspace on disk, as commands and the server see it: the log, rewrites
 * of it, {@code dump.rdb}, loading at the start. The command thread owns it and calls all methods;
 * the log writer and the snapshot writer run on threads of their own (or by hand in a test).
 */
public final class Persistence {
  /**
   * What it works with.
   *
   * @param startAgent starts an agent on a thread of its own and returns how to wake it; a test
   *     keeps the agent and steps it by hand
   * @param wakeLoop ends a wait of the loop; called from any thread
   * @param waiting called over and over while the command thread has to wait for an agent ({@code
   *     SAVE}, {@code SHUTDOWN}): rests briefly, or steps the agents
   */
  public record Context(
      Storage storage,
      Clock clock,
      Keyspace keyspace,
      PersistencePaths paths,
      PersistenceSettings settings,
      EventLog events,
      Function<Agent, Runnable> startAgent,
      Runnable wakeLoop,
      Runnable waiting) {}

  /** How {@code SHUTDOWN} treats {@code dump.rdb}: as save points say, always, or never. */
  public enum SaveOnShutdown {
    IF_CONFIGURED,
    SAVE,
    NO_SAVE
  }

  private static final String SAVE_IN_PROGRESS = "ERR Background save already in progress";

  private final Context context;
  private final Background background = new Background();
  private final LatencyMonitor latency;
  private final SnapshotFactory snapshots;
  private final Saves saves;
  private final AppendOnlyFile aof;
  private final Loading loading;
  private long parked;
  private boolean wasParked;
  private long longestStepNanos;

  public Persistence(Context context) {
    this.context = context;
    this.latency = new LatencyMonitor(context.clock());
    this.snapshots = new SnapshotFactory(context, background, () -> log().appendedOffset());
    this.saves = new Saves(context, snapshots);
    this.aof =
        new AppendOnlyFile(
            context, new AofFiles(context.paths()), background, latency, snapshots::base);
    this.loading = new Loading(context, aof, background);
    background.wakeWith(context.startAgent().apply(background));
    aof.parkWhile(this::snapshotOverloaded);
  }

  public EffectLog log() {
    return aof.log();
  }

  /** Spikes of the disk. */
  public LatencyMonitor latency() {
    return latency;
  }

  // ---- loading

  /**
   * Starts loading: decides what to load and opens it.
   *
   * @param appendOnly directive {@code appendonly} at the start
   * @param replay executes commands of the log with a client that has no connection
   */
  public void beginLoad(boolean appendOnly, CommandExecutor replay) throws LoadException {
    loading.begin(appendOnly, replay);
  }

  /**
   * One slice of loading, about {@code nanos} long; true when everything is loaded and the log is
   * open for appending.
   */
  public boolean loadStep(long nanos) throws LoadException {
    if (!loading.step(nanos)) {
      return false;
    }
    saves.loaded();
    return true;
  }

  /** Ends loading early and for good, because the process ends; changes nothing on the disk. */
  public void abandonLoad() {
    loading.abandon();
  }

  /**
   * {@code DEBUG RELOAD} and {@code DEBUG LOADAOF}: reads the dataset into the keyspace, which the
   * caller has emptied, and waits for it.
   *
   * @param fromLog from the append-only files, otherwise from the dump
   */
  public void reload(boolean fromLog, CommandExecutor replay) throws LoadException {
    while (fromLog && log().releasedOffset() < log().appendedOffset() && aof.failure() == null) {
      log().endOfIteration();
      context.waiting().run();
    }
    new Loading(context, aof, background).again(fromLog, replay);
  }

  /**
   * Where {@code dump.rdb} seems to be newer than the log, reads the log into the keyspace, which
   * is empty, and compares the two; changes nothing on the disk. Empty when both hold the same
   * data, or the log is newer.
   *
   * @throws LoadException when one of them cannot be read, or holds what this server does not know
   */
  public Optional<DumpDifference> compareWithDump(CommandExecutor replay) throws LoadException {
    return new Loading(context, aof, background).compareWithDump(replay);
  }

  // ---- work

  /**
   * Once per iteration of the loop: takes a slice of a running snapshot and handles what the agents
   * finished. Returns work done, 0 when idle.
   */
  public int doWork() {
    if (loading.isLoading()) {
      return 0;
    }
    int work = saves.doWork();
    work += aof.doWork(!saves.isSaving());
    if (saves.isScheduled() && mayStart() && !saves.isResting()) {
      aof.markWhenOutOfDate();
      saves.start();
      work++;
    }
    var snapshot = snapshot();
    if (snapshot != null) {
      longestStepNanos = Math.max(longestStepNanos, snapshot.longestStepNanos());
    }
    return work;
  }

  /** A rewrite or save is under way, its last clearing up included. */
  public boolean isSnapshotRunning() {
    return saves.isSaving() || !aof.isIdle();
  }

  private boolean mayStart() {
    return !saves.isSaving() && !aof.isRewriting();
  }

  private Snapshot snapshot() {
    return saves.isSaving() ? saves.snapshot() : aof.snapshot();
  }

  private boolean snapshotOverloaded() {
    var snapshot = snapshot();
    return snapshot != null && snapshot.queuedBytes() > Snapshot.OVERLOADED;
  }

  /** About ten times a second: automatic rewrites, save points, retries. */
  public void cron() {
    if (loading.isLoading()) {
      return;
    }
    aof.cron();
    if (mayStart() && !saves.isScheduled() && saves.isDue()) {
      saves.schedule();
    }
    boolean parkedNow = log().parkWriters();
    if (parkedNow && !wasParked) {
      parked++;
    }
    wasParked = parkedNow;
  }

  /**
   * Counts {@code n} changes of the dataset, for save points and {@code
   * rdb_changes_since_last_save}.
   */
  public void changed(long n) {
    saves.changed(n);
  }

  /**
   * Null when writes are welcome, otherwise the error line ({@code MISCONF …}) that they get;
   * {@code PING} too.
   */
  public String writeRefusal() {
    var settings = context.settings();
    if (!saves.lastOk() && settings.stopWritesOnSaveError && !settings.savePoints.isEmpty()) {
      return "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to"
          + " persist to disk. Commands that may modify the data set are disabled, because"
          + " this instance is configured to report errors during writes if RDB snapshotting"
          + " fails (stop-writes-on-bgsave-error option). Please check the Redis logs for"
          + " details about the RDB error.";
    }
    return aof.failure();
  }

  /**
   * Null when commands that need room are welcome, otherwise the error line that they get, beside
   * what {@link #writeRefusal} refuses.
   */
  public String growthRefusal() {
    return aof.growthRefusal();
  }

  // ---- commands

  /**
   * {@code BGREWRITEAOF}: its reply, as a status line, or as an error line that begins with {@code
   * ERR}.
   */
  public String startRewrite() {
    return rewrite(true);
  }

  /**
   * {@code BGREWRITEAOF} inside a transaction: begins after it, so that no file holds half of it.
   */
  public String scheduleRewrite() {
    return rewrite(false);
  }

  private String rewrite(boolean now) {
    if (aof.isRewriting()) {
      return "ERR Background append only file rewriting already in progress";
    }
    if (!aof.isOn()) {
      return "ERR The append only file is off, there is nothing to rewrite; CONFIG SET appendonly"
          + " yes writes a new one";
    }
    aof.schedule();
    return now && !saves.isSaving() && aof.startScheduled()
        ? "Background append only file rewriting started"
        : "Background append only file rewriting scheduled";
  }

  /**
   * {@code BGSAVE}: its reply, as a status line, or as an error line that begins with {@code ERR}.
   * With {@code schedule}, waits for a rewrite.
   */
  public String startSave(boolean schedule) {
    if (saves.isSaving()) {
      return SAVE_IN_PROGRESS;
    }
    if (aof.isRewriting() || aof.isScheduled()) {
      return schedule
          ? scheduleSave()
          : "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE"
              + " SCHEDULE in order to schedule a BGSAVE whenever possible.";
    }
    aof.markWhenOutOfDate();
    saves.start();
    return "Background saving started";
  }

  /** {@code BGSAVE} inside a transaction: begins after it, so that the dump holds all of it. */
  public String scheduleSave() {
    if (saves.isSaving()) {
      return SAVE_IN_PROGRESS;
    }
    saves.schedule();
    return "Background saving scheduled";
  }

  /**
   * {@code SAVE}: returns when {@code dump.rdb} is written; null, or an error line. A running
   * rewrite is finished first.
   */
  public String save() {
    if (saves.isSaving()) {
      return SAVE_IN_PROGRESS;
    }
    while (aof.isRewriting()) {
      aof.snapshot().hurry();
      if (aof.doWork(false) == 0) {
        context.waiting().run();
      }
    }
    aof.markWhenOutOfDate();
    var failure = saves.saveNow();
    return failure == null ? null : "ERR " + failure;
  }

  /**
   * {@code FLUSHALL}: gives up a save that would bring back what is gone, and where there are save
   * points, saves what is left.
   */
  public void flushed() {
    saves.abandon();
    if (!context.settings().savePoints.isEmpty()) {
      saves.schedule();
    }
  }

  /** Unix seconds of the last good save. */
  public long lastSave() {
    return saves.lastSaveSeconds();
  }

  /** {@code CONFIG SET appendonly}: null, or why not. */
  public String appendOnly(boolean on) {
    return on ? aof.switchOn() : aof.switchOff();
  }

  public boolean appendOnly() {
    return aof.isOn();
  }

  /**
   * Why the log does not hold everything now, so that the server should rather not end yet; null
   * when it does, or is off.
   */
  public String notWhole() {
    return aof.notWhole();
  }

  /**
   * The last act: abandons a snapshot, saves if asked, writes and syncs the log; null, or what went
   * wrong. When it could not save, the log is still open ({@link #appendOnly()}) and everything can
   * go on; when the log could not be synced, it is closed all the same, and the server has to end.
   */
  public String shutdown(SaveOnShutdown save) {
    saves.abandon();
    aof.abandonRewrite();
    aof.markWhenOutOfDate();
    boolean dump =
        switch (save) {
          case IF_CONFIGURED -> !context.settings().savePoints.isEmpty();
          case SAVE -> true;
          case NO_SAVE -> false;
        };
    String notSaved = dump ? saves.saveNow() : null;
    if (notSaved != null) {
      return notSaved;
    }
    var failure = aof.close();
    while (!background.idle()) {
      context.waiting().run();
    }
    return failure;
  }

  /**
   * Frees native memory, as the end of the process would: what was not written stays unwritten.
   * Nothing may be called afterwards, and no agent stepped.
   */
  public void free() {
    aof.free();
  }

  /** What a power cut at this moment could take of what was acknowledged. */
  private record Loss(long bytes, long millis) {}

  private Loss worstLoss(AppendOnlyFile.Facts facts) {
    if (!aof.isOn() || facts.pending()) {
      long since = context.clock().wallMillis() - saves.lastSaveMillis();
      return saves.changes() == 0 ? new Loss(0, 0) : new Loss(-1, since);
    }
    if (context.settings().fsync == Fsync.ALWAYS) {
      return new Loss(0, 0);
    }
    return new Loss(
        Math.max(0, log().appendedOffset() - facts.durable()), facts.unsyncedNanos() / 1_000_000);
  }

  public PersistenceInfo info() {
    var snapshot = snapshot();
    var facts = aof.facts();
    var loss = worstLoss(facts);
    boolean saving = saves.isSaving();
    boolean rewriting = aof.isRewriting();
    long processed = snapshot == null ? 0 : snapshot.keysProcessed();
    long total = snapshot == null ? 0 : snapshot.keysTotal();
    long elapsed = snapshot == null ? -1 : snapshot.elapsedNanos() / 1_000_000_000;
    return new PersistenceInfo(
        loading.isLoading(),
        processed,
        total,
        total == 0 ? 0 : 100.0 * processed / total,
        saves.changes(),
        saving,
        saves.lastSaveSeconds(),
        saves.lastOk(),
        saves.lastDurationSeconds(),
        saving ? elapsed : -1,
        saves.count(),
        loading.keysExpired(),
        loading.keysLoaded(),
        aof.isOn() || loading.isLogLoading(),
        rewriting,
        aof.isScheduled(),
        facts.lastRewriteSeconds(),
        rewriting ? elapsed : -1,
        facts.lastRewriteOk(),
        facts.rewrites(),
        facts.consecutiveFailures(),
        aof.failure() == null,
        loading.isLogLoading() ? loading.logBytes() : aof.currentBytes(),
        loading.isLogLoading() ? loading.baseBytes() : aof.baseBytes(),
        facts.waitingBytes(),
        facts.syncing() ? 1 : 0,
        facts.delayedWrites(),
        loading.progress().startedAtSeconds(),
        loading.progress().totalBytes(),
        loading.rdbUsedMemory(),
        loading.loadedBytes(),
        loading.progress().bytesPerSecond(loading.loadedBytes()),
        loading.progress().secondsLeft(loading.loadedBytes()),
        log().appendedOffset(),
        facts.written(),
        facts.durable(),
        facts.inline(),
        facts.inlineBecause(),
        facts.syncNanos() / 1000,
        facts.syncMicros50(),
        facts.syncMicros99(),
        facts.syncMicros999(),
        facts.unsyncedNanos() / 1_000_000,
        facts.fenced(),
        facts.pending(),
        facts.diskFree(),
        facts.diskReserve(),
        aof.growthRefusal() != null,
        loss.bytes(),
        loss.millis(),
        parked,
        snapshot == null ? 0 : snapshot.queuedBytes(),
        snapshot == null ? 0 : snapshot.bytes(),
        snapshot == null ? -1 : snapshot.remainingSeconds(),
        longestStepNanos / 1000);
  }
}
