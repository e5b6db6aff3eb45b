package dev.holdfast.engine.aof;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.persistence.PersistenceSettings;
import dev.holdfast.engine.storage.StoredFile;
import java.io.IOException;

/**
 * Zeros behind the end of the file that the log is written to, where {@link FillChoice} finds that
 * they pay. Whoever has the pen owns it.
 *
 * <p>Zeros are only ever behind the newest file: {@link #cut} takes them away before a manifest
 * names a successor and when the server stops, because stock servers refuse a file that ends in
 * them. After a crash the loader and the tools take them away.
 */
final class FillAhead {
  /** Larger groups cost what their data costs. */
  private static final long LARGEST_GROUP = 256 << 10;

  private final Clock clock;
  private final PersistenceSettings settings;
  private final FillChoice choice;
  private long filledTo;
  private long groupBytes;
  private boolean overZeros = true;

  FillAhead(Clock clock, PersistenceSettings settings) {
    this.clock = clock;
    this.settings = settings;
    this.choice = new FillChoice(settings.fillStepBytes);
  }

  /** Another file is written to, or the present one was truncated: there are no zeros. */
  void reset() {
    filledTo = 0;
  }

  /**
   * Comes before {@code length} bytes are written at {@code at} that will be synced.
   *
   * @return whether zeros were written, which are to be synced first, see {@link #filled}
   */
  boolean before(StoredFile file, long at, long length) {
    long end = at + length;
    boolean wanted = length <= LARGEST_GROUP && isWanted();
    boolean fills = wanted && filledTo < end && fill(file, Math.max(at, filledTo));
    groupBytes += length;
    overZeros &= end <= filledTo;
    return fills;
  }

  private boolean isWanted() {
    return switch (settings.fillAhead) {
      case AUTO -> choice.fills(clock.monotonicNanos());
      case YES -> true;
      case NO -> false;
    };
  }

  private boolean fill(StoredFile file, long from) {
    long step = settings.fillStepBytes;
    filledTo = from + step;
    try {
      file.fill(from, step);
      return true;
    } catch (IOException e) {
      // No room for zeros: the disk is told of by the writes that fail.
      choice.failed(clock.monotonicNanos());
      return false;
    }
  }

  /** The zeros were synced in so long. */
  void filled(long nanos) {
    choice.filled(nanos);
  }

  /** What was written since the last call was synced in so long. */
  void synced(long nanos) {
    if (groupBytes > 0 && groupBytes <= LARGEST_GROUP) {
      choice.measured(overZeros, groupBytes, nanos, clock.monotonicNanos());
    }
    groupBytes = 0;
    overZeros = true;
  }

  /** Leaves nothing behind {@code end}; lasting after the next sync. */
  void cut(StoredFile file, long end) throws IOException {
    if (filledTo > end) {
      file.truncate(end);
      filledTo = 0;
    }
  }
}
