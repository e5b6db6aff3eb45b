package dev.holdfast.engine.persistence;

import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.rewrite.FileIdentity;
import dev.holdfast.engine.rewrite.Snapshot;
import dev.holdfast.engine.rewrite.SnapshotSpec;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.rdb.RdbOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Begins snapshots with the settings of the moment. */
final class SnapshotFactory {
  /** What stock servers of this protocol level write into {@code redis-ver}. */
  static final String SERVER_VERSION = "7.2.4";

  private final Context context;
  private final Background background;
  private final LongSupplier logOffset;

  /**
   * @param logOffset logical offset of the log now
   */
  SnapshotFactory(Context context, Background background, LongSupplier logOffset) {
    this.logOffset = logOffset;
    this.context = context;
    this.background = background;
  }

  /**
   * The base of an AOF; who installs it renames it. It keeps the version that all servers with such
   * files read, so that any of them can open the folder.
   */
  Snapshot base(Path temporary, BaseFormat format, long offset) {
    var settings = context.settings();
    return start(
        temporary,
        Optional.empty(),
        format,
        RdbOptions.DEFAULT.version(),
        settings.rewriteIncrementalFsync,
        offset);
  }

  /** An RDB file that gets its name when it is complete. */
  Snapshot dump(Path temporary, Path target) {
    return start(
        temporary,
        Optional.of(target),
        BaseFormat.RDB,
        context.settings().dumpVersion,
        context.settings().saveIncrementalFsync,
        logOffset.getAsLong());
  }

  private Snapshot start(
      Path temporary,
      Optional<Path> target,
      BaseFormat format,
      int version,
      boolean syncInSteps,
      long offset) {
    var settings = context.settings();
    var sealedAt = settings.aofChecksum ? OptionalLong.of(offset) : OptionalLong.empty();
    var keyspace = context.keyspace();
    var keys = new long[keyspace.databases()];
    var expiring = new long[keyspace.databases()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = keyspace.database(i).size();
      expiring[i] = keyspace.database(i).expiring();
    }
    var spec =
        new SnapshotSpec(
            temporary,
            target,
            format,
            target.isEmpty(),
            new RdbOptions(version, settings.compression, settings.checksum),
            syncInSteps,
            settings.timestamps,
            sealedAt,
            FileIdentity.of(context.clock()),
            SERVER_VERSION,
            context.clock().wallMillis() / 1000,
            keyspace.usedBytes(),
            keys,
            expiring);
    return new Snapshot(
        keyspace,
        context.storage(),
        context.clock(),
        background,
        context.wakeLoop(),
        spec,
        () -> settings.snapshotRateLimit);
  }
}
