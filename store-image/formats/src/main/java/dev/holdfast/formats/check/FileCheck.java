package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.BaseFormat;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the check of one file found.
 *
 * @param name without folder
 * @param okUpTo offset up to which it can be loaded, never inside a transaction
 * @param okUpToLine line at which reading stopped, counted from 1 as {@code redis-check-aof} does
 * @param entries commands and keys up to there
 * @param commandsAfter complete commands found behind {@code okUpTo}
 * @param trailingZeros zero bytes at the very end behind {@code okUpTo}
 * @param promisedBytes those of {@link #bytesAfter} that had been promised, as far as is known:
 *     bytes of effects before an offset that was called durable; all of them where nothing says so
 * @param message empty when the file is good
 * @param log what its marks say; empty when it has no lines of ours
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
    long promisedBytes,
    Verdict verdict,
    String message,
    Optional<LogRange> log) {

  /** Bytes behind {@code okUpTo} that are not zero padding. */
  public long bytesAfter() {
    return size - okUpTo - trailingZeros;
  }

  /**
   * Whether there is no data in it and none was promised: only annotations, marks whole or torn,
   * zeros, or a base without keys.
   */
  boolean isBlank() {
    return entries == 0 && commandsAfter == 0 && (verdict.isGood() || promisedBytes == 0);
  }

  /** Whether only zeros follow what is good: the file was filled ahead. */
  public boolean isPadded() {
    return verdict == Verdict.CORRUPT_TAIL && log.isPresent() && bytesAfter() == 0;
  }

  /** The same file where it cannot be what comes next, so that nothing of it can be loaded. */
  FileCheck notFollowing(String why) {
    return new FileCheck(
        path,
        name,
        kind,
        format,
        size,
        0,
        1,
        0,
        entries + commandsAfter,
        trailingZeros,
        size - trailingZeros,
        Verdict.CORRUPT_MIDDLE,
        why,
        log);
  }

  /** The same base without the mark that ends it. */
  FileCheck unfinishedBase() {
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
        0,
        Verdict.CORRUPT_BASE,
        "expected the mark that ends a base at offset %d, found the end of the file"
            .formatted(okUpTo),
        log);
  }

  /** The same file without the zeros at its end, which are all that is wrong with it. */
  FileCheck trimmed() {
    return new FileCheck(
        path,
        name,
        kind,
        format,
        okUpTo,
        okUpTo,
        okUpToLine,
        entries,
        0,
        0,
        0,
        Verdict.CLEAN,
        "",
        log);
  }

  FileCheck allPromised() {
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
        bytesAfter(),
        verdict,
        message,
        log);
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
        promisedBytes,
        other,
        message,
        log);
  }

  FileReport report() {
    return new FileReport(name, kind, format, size, okUpTo, entries, verdict, message, log);
  }
}
