package dev.holdfast.formats.check;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a check found: the facts, before anything is decided about them.
 *
 * @param file the file that the verdict is about, relative to the data folder
 * @param offset up to which that file is good
 * @param bytesAtStake bytes behind the damage, in this file and those that build on it, without
 *     zero padding at the end
 * @param promisedBytes those of them that had been promised, as far as is known: what the marks of
 *     the log called durable, and everything where nothing says so. What a budget counts
 * @param commandsAtStake complete commands found among them
 * @param message what is wrong, where; empty when nothing is
 * @param files in the order in which they are loaded
 */
public record AofCheck(
    Verdict verdict,
    Optional<String> file,
    OptionalLong offset,
    long bytesAtStake,
    long promisedBytes,
    long commandsAtStake,
    String message,
    List<FileCheck> files) {

  public AofCheck {
    files = List.copyOf(files);
  }

  /** The same facts in other words. */
  public AofCheck withMessage(String other) {
    return new AofCheck(
        verdict, file, offset, bytesAtStake, promisedBytes, commandsAtStake, other, files);
  }

  static AofCheck good(Verdict verdict, String message, List<FileCheck> files) {
    return new AofCheck(verdict, Optional.empty(), OptionalLong.empty(), 0, 0, 0, message, files);
  }
}
