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
 * @param commandsAtStake complete commands found among them
 * @param message what is wrong, where; empty when nothing is
 * @param files in the order in which they are loaded
 */
public record AofCheck(
    Verdict verdict,
    Optional<String> file,
    OptionalLong offset,
    long bytesAtStake,
    long commandsAtStake,
    String message,
    List<FileCheck> files) {

  public AofCheck {
    files = List.copyOf(files);
  }

  static AofCheck good(Verdict verdict, String message, List<FileCheck> files) {
    return new AofCheck(verdict, Optional.empty(), OptionalLong.empty(), 0, 0, message, files);
  }
}
