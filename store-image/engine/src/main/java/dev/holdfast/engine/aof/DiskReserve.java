package dev.holdfast.engine.aof;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Room on the disk that is kept for the way out of a full one. A file of the reserve's size takes
 * the blocks. When less than the same amount is free beside it (the soft limit), commands that need
 * room are refused and deletes go on; when the disk is full all the same, the file is removed, and
 * deletes and a rewrite use its blocks. When twice the amount is free again, it is made anew.
 *
 * <p>The background thread looks twice a second. Who has the pen may {@link #release}.
 */
final class DiskReserve {
  private static final long LOOK_NANOS = 500_000_000;

  /** The reserve takes no more than this part of what is free at first. */
  private static final int SHARE = 20;

  private final Context context;
  private final Storage storage;
  private final Clock clock;
  private final Background background;
  private final Path file;

  // Command thread.
  private boolean lookedBefore;
  private long lookedAt;

  // Under the lock.
  private long wantedAtLook = -1;
  private long target;
  private boolean warned;

  private volatile boolean looking;
  private volatile long held;
  private volatile long free = -1;
  private volatile boolean low;

  DiskReserve(Context context, Background background) {
    this.context = context;
    this.storage = context.storage();
    this.clock = context.clock();
    this.background = background;
    this.file = context.paths().directory().resolve("holdfast").resolve("reserve");
  }

  /** About ten times a second, on the command thread. */
  void cron() {
    long now = clock.monotonicNanos();
    boolean wanted = context.settings().diskReserve > 0 || held > 0;
    if (!wanted || looking || lookedBefore && now - lookedAt < LOOK_NANOS) {
      return;
    }
    lookedBefore = true;
    lookedAt = now;
    looking = true;
    background.submit(this::look);
  }

  /** Whether commands that need room are to be refused. */
  boolean isLow() {
    return low;
  }

  /** Bytes of blocks that are kept. */
  long held() {
    return held;
  }

  /** Bytes that were free at the last look; -1 before. */
  long free() {
    return free;
  }

  /** Gives the blocks back to the disk; false when there are none. */
  synchronized boolean release() {
    if (held == 0) {
      return false;
    }
    try {
      storage.delete(file);
    } catch (IOException e) {
      return false;
    }
    held = 0;
    low = true;
    return true;
  }

  private synchronized void look() {
    try {
      measure();
    } catch (IOException e) {
      if (!warned) {
        context.events().warning("Cannot keep a reserve on the disk: " + e.getMessage());
      }
      warned = true;
    }
    looking = false;
  }

  private void measure() throws IOException {
    long wanted = context.settings().diskReserve;
    free = storage.freeBytes(context.paths().directory());
    if (wanted != wantedAtLook) {
      storage.delete(file);
      held = 0;
      wantedAtLook = wanted;
      free = storage.freeBytes(context.paths().directory());
      target = Math.min(wanted, free / SHARE);
    }
    if (held < target && free >= 2 * target) {
      storage.createDirectories(file.getParent());
      storage.allocate(file, target);
      held = target;
      free = storage.freeBytes(context.paths().directory());
    }
    boolean lowNow = free < (held < target ? 2 * target : target);
    if (lowNow != low) {
      low = lowNow;
      context
          .events()
          .warning(
              lowNow
                  ? "The disk is almost full, %d bytes are free: commands that need room are refused"
                      .formatted(free)
                  : "The disk has room again, %d bytes are free".formatted(free));
    }
  }
}
