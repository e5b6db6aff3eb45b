package dev.holdfast.engine.persistence;

import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.Snapshot;
import java.nio.file.Path;

/** {@code dump.rdb}: {@code SAVE}, {@code BGSAVE} and save points. The command thread owns it. */
final class Saves {
  private static final long SLICE_NANOS = 500_000;
  private static final String TEMPORARY = "temp-0.rdb";

  /** After a failed save, save points wait this long. */
  private static final long RETRY_MILLIS = 5_000;

  private final Context context;
  private final SnapshotFactory snapshots;

  private Snapshot snapshot;
  private boolean scheduled;
  private boolean waitedFor;
  private long changes;
  private long changesAtStart;
  private long saves;
  private long lastSaveMillis;
  private long lastTryMillis;
  private long lastSeconds = -1;
  private boolean lastOk = true;

  Saves(Context context, SnapshotFactory snapshots) {
    this.context = context;
    this.snapshots = snapshots;
    this.lastSaveMillis = context.clock().wallMillis();
  }

  void changed(long n) {
    changes += n;
  }

  /** What was loaded is what is on the disk. */
  void loaded() {
    changes = 0;
    lastSaveMillis = context.clock().wallMillis();
  }

  boolean isSaving() {
    return snapshot != null;
  }

  void schedule() {
    scheduled = true;
  }

  boolean isScheduled() {
    return scheduled;
  }

  /** After a failed save, what was only scheduled waits a little; a command does not. */
  boolean isResting() {
    return !lastOk && context.clock().wallMillis() - lastTryMillis < RETRY_MILLIS;
  }

  /** Whether a save point is reached. */
  boolean isDue() {
    long now = context.clock().wallMillis();
    if (isResting()) {
      return false;
    }
    for (var point : context.settings().savePoints) {
      if (changes >= point.changes() && now - lastSaveMillis > point.seconds() * 1000) {
        context
            .events()
            .notice(
                "%d changes in %d seconds. Saving...".formatted(point.changes(), point.seconds()));
        return true;
      }
    }
    return false;
  }

  void start() {
    scheduled = false;
    saves++;
    changesAtStart = changes;
    lastTryMillis = context.clock().wallMillis();
    var directory = context.paths().directory();
    snapshot = snapshots.dump(directory.resolve(TEMPORARY), target());
  }

  private Path target() {
    return context.paths().directory().resolve(context.settings().dumpFile);
  }

  int doWork() {
    if (snapshot == null) {
      return 0;
    }
    int work = snapshot.step(SLICE_NANOS) ? 1 : 0;
    if (snapshot.failure() != null) {
      context.events().warning("Background saving error: " + snapshot.failure());
      snapshot.abort();
      lastOk = waitedFor && lastOk;
      finished();
      return 1;
    }
    if (snapshot.isComplete()) {
      context
          .events()
          .notice(
              "DB saved on disk: %d keys, %d bytes"
                  .formatted(snapshot.keysProcessed(), snapshot.bytes()));
      changes -= changesAtStart;
      lastSaveMillis = context.clock().wallMillis();
      lastOk = true;
      finished();
      return 1;
    }
    return work;
  }

  private void finished() {
    if (!waitedFor) {
      lastSeconds = snapshot.elapsedNanos() / 1_000_000_000;
    }
    snapshot = null;
  }

  /**
   * Saves before it returns; null, or the system's text. Who asked gets the answer, so a failure
   * says nothing about background saves.
   */
  String saveNow() {
    start();
    var running = snapshot;
    running.hurry();
    waitedFor = true;
    while (snapshot != null) {
      if (doWork() == 0) {
        context.waiting().run();
      }
    }
    waitedFor = false;
    return running.failure();
  }

  void abandon() {
    if (snapshot != null) {
      snapshot.abort();
      snapshot = null;
    }
    scheduled = false;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  long changes() {
    return changes;
  }

  long count() {
    return saves;
  }

  long lastSaveMillis() {
    return lastSaveMillis;
  }

  long lastSaveSeconds() {
    return lastSaveMillis / 1000;
  }

  long lastDurationSeconds() {
    return lastSeconds;
  }

  boolean lastOk() {
    return lastOk;
  }
}
