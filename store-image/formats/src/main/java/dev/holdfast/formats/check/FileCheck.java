package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.BaseFormat;
import java.nio.file.Path;

/**
 * What the check of one file found.
 *
 * @param name without folder
 * @param okUpTo offset up to which it can be loaded, never inside a transaction
 * @param okUpToLine line at which reading stopped, counted from 1 as {@code redis-check-aof} does
 * @code redis-check-aof} counts
 * @param entries commands and keys up to there
 * @param commandsAfter complete commands found behind {@code okUpTo}
 * @param trailingZeros zero bytes at the very end behind {@code okUpTo}
 * @param message empty when the file is good
 */
public record FileCheck(
    Path path,
    String name,
    FileKind kind,
    BaseFormat format,
    long size,
    long okUpTo,
    long okUpToLine,
    long entries,
    long commandsAfter,
    long trailingZeros,
    Verdict verdict,
    String message) {

  /** Bytes behind {@code okUpTo} that are not zero padding. */
  public long bytesAfter() {
    return size - okUpTo - trailingZeros;
  }

  FileCheck withVerdict(Verdict other) {
    return new FileCheck(
        path,
        name,
        kind,
        format,
        size,
        okUpTo,
        okUpToLine,
        entries,
        commandsAfter,
        trailingZeros,
        other,
        message);
  }

  FileReport report() {
    return new FileReport(name, kind, format, size, okUpTo, entries, verdict, message);
  }
}
