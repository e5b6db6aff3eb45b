package dev.holdfast.formats.check;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * The zeros that our server fills a file of the log ahead with: found after each crash, and
 * nobody's data, so they are cut without evidence and without a decision.
 */
public final class FilledAhead {
  private FilledAhead() {}

  /** Whether such zeros are all that is wrong. */
  public static boolean isAll(AofCheck check) {
    return check.verdict().isTail()
        && check.files().stream().allMatch(file -> file.verdict().isGood() || file.isPadded());
  }

  /**
   * Cuts them; twice does no harm.
   *
   * @param check one that {@link #isAll}
   * @return what a check would find now
   * @throws IOException when a file changed since it was checked, or the disk fails
   */
  public static AofCheck cut(AofCheck check) throws IOException {
    long zeros = 0;
    for (var file : check.files()) {
      if (file.isPadded()) {
        cut(file);
        zeros += file.trailingZeros();
      }
    }
    return AofCheck.good(
        Verdict.CLEAN,
        zeros + " zero bytes that the log was filled ahead with were cut",
        check.files().stream().map(file -> file.isPadded() ? file.trimmed() : file).toList());
  }

  private static void cut(FileCheck file) throws IOException {
    try (var channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
      if (channel.size() != file.size()) {
        throw new IOException(
            "%s has %d bytes, expected %d: it changed since it was checked; check it again"
                .formatted(file.path(), channel.size(), file.size()));
      }
      channel.truncate(file.okUpTo());
      channel.force(true);
    }
  }
}
