package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.BaseFormat;
import java.util.Optional;

/**
 * One file of a {@link Report}.
 *
 * @param name without folder
 * @param format how it starts: an old single file may be RDB with AOF behind it
 * @param size in bytes
 * @param okUpTo offset up to which it can be loaded
 * @param entries commands and keys up to there
 * @param verdict for this file alone
 * @param message empty when there is nothing to say
 * @param log what its marks say; empty when it has no lines of ours
 */
public record FileReport(
    String name,
    FileKind kind,
    BaseFormat format,
    long size,
    long okUpTo,
    long entries,
    Verdict verdict,
    String message,
    Optional<LogRange> log) {}
