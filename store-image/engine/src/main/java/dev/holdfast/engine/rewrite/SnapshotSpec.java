package dev.holdfast.engine.rewrite;

import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.rdb.RdbOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a snapshot is to become.
 *
 * @param temporary file that is written
 * @param target name that it gets when it is complete and durable; empty: the caller renames it
 * @param format RDB, or commands
 * @param base whether it becomes the base of an AOF
 * @param syncInSteps sync every 4 MiB, so that the last sync does not have to write everything at
 *     once
 * @param timestamp begin with {@code #TS:}; for commands only
 * @param logOffset offset of the log at its beginning: for the lines that check groups of commands,
 *     and for an auxiliary field of RDB; empty where files are to be as stock's
 * @param identity of the file, for these lines
 * @param serverVersion for the field {@code redis-ver}
 * @param unixSeconds of its beginning
 * @param keys of each database at its beginning; a hint for loaders
 * @param expiring of each database at its beginning
 */
@SuppressWarnings("ArrayRecordComponent")
public record SnapshotSpec(
    Path temporary,
    Optional<Path> target,
    BaseFormat format,
    boolean base,
    RdbOptions rdb,
    boolean syncInSteps,
    boolean timestamp,
    OptionalLong logOffset,
    long identity,
    String serverVersion,
    long unixSeconds,
    long usedMemory,
    long[] keys,
    long[] expiring) {}
