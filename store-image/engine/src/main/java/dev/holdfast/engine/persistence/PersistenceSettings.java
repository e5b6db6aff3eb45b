package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.FillPolicy;
import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.formats.rdb.RdbOptions;
import java.util.List;

/**
 * What the configuration says about persistence. The command thread owns it and changes fields when
 * a directive changes; {@link Persistence} looks at them when they matter. Switching {@code
 * appendonly} is an act: {@link Persistence#appendOnly(boolean)}.
 */
public final class PersistenceSettings {
  /** {@code save SECONDS CHANGES}. */
  public record SavePoint(long seconds, long changes) {}

  public Fsync fsync = Fsync.EVERYSEC;

  /** {@code no-appendfsync-on-rewrite}; {@code always} stays always. */
  public boolean noFsyncOnRewrite;

  /** {@code auto-aof-rewrite-percentage}; 0 switches automatic rewrites off. */
  public int rewritePercentage = 100;

  /** {@code auto-aof-rewrite-min-size} in bytes. */
  public long rewriteMinSize = 64L << 20;

  /** {@code aof-use-rdb-preamble}. */
  public boolean rdbPreamble = true;

  /** {@code aof-load-truncated}. */
  public boolean loadTruncated = true;

  /** {@code aof-timestamp-enabled}. */
  public boolean timestamps;

  /** {@code aof-disk-reserve} in bytes; 0: none. */
  public long diskReserve;

  /** {@code aof-checksum}, for files that are begun from now on. */
  public boolean aofChecksum = true;

  /**
   * {@code aof-fill-ahead}: only under {@code always}, and only files with {@code aof-checksum}.
   */
  public FillPolicy fillAhead = FillPolicy.AUTO;

  /** How many zeros are written at a time. */
  public int fillStepBytes = 1 << 20;

  /** {@code aof-rewrite-incremental-fsync}. */
  public boolean rewriteIncrementalFsync = true;

  /** {@code rdb-save-incremental-fsync}. */
  public boolean saveIncrementalFsync = true;

  /** {@code snapshot-rate-limit}: bytes per second, 0 for no limit. */
  public long snapshotRateLimit;

  /** {@code rdbcompression}. */
  public boolean compression = true;

  /** {@code rdbchecksum}. */
  public boolean checksum = true;

  /** {@code rdb-version}: of {@code dump.rdb}; a base is always version 10. */
  public int dumpVersion = RdbOptions.DEFAULT.version();

  /** {@code dbfilename}. */
  public String dumpFile = "dump.rdb";

  /** {@code save}; empty: no save points. */
  public List<SavePoint> savePoints = List.of();

  /** {@code stop-writes-on-bgsave-error}. */
  public boolean stopWritesOnSaveError = true;
}
