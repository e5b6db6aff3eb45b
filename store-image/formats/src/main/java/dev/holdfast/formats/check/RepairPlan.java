package dev.holdfast.formats.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a repair would do: cut the end of files. Pure; {@link Repair#apply} does it.
 *
 * @param bytes that would be cut, zero padding included
 * @param bytesAtStake the same without zero padding at the end of files
 * @param commands complete commands that would be cut
 */
public record RepairPlan(List<Cut> cuts, long bytes, long bytesAtStake, long commands) {

  /**
   * @param keep length of the file afterwards
   * @param bytes that are removed
   */
  public record Cut(Path file, long keep, long bytes) {}

  public RepairPlan {
    cuts = List.copyOf(cuts);
  }

  /** The plan for a damaged tail; empty for every other verdict, which cutting would not heal. */
  public static Optional<RepairPlan> of(AofCheck check) {
    return check.verdict().isTail() ? Optional.of(cutting(check)) : Optional.empty();
  }

  /**
   * The plan for damage in the last file, also when good commands behind it would be lost. Empty
   * when the damage is elsewhere. Somebody has to have decided it.
   */
  public static Optional<RepairPlan> ofLastFile(AofCheck check) {
    if (check.files().isEmpty()) {
      return Optional.empty();
    }
    if (check.verdict().isTail()) {
      return Optional.of(cutting(check));
    }
    boolean onlyLast =
        check.files().subList(0, check.files().size() - 1).stream()
            .allMatch(file -> file.verdict().isGood() || file.isPadded());
    var verdict = check.files().getLast().verdict();
    return onlyLast && verdict == Verdict.CORRUPT_MIDDLE && verdict == check.verdict()
        ? Optional.of(cutting(check))
        : Optional.empty();
  }

  /** Each file that is not good ends where it is good. */
  private static RepairPlan cutting(AofCheck check) {
    var bad = check.files().stream().filter(file -> !file.verdict().isGood()).toList();
    return new RepairPlan(
        bad.stream()
            .map(file -> new Cut(file.path(), file.okUpTo(), file.size() - file.okUpTo()))
            .toList(),
        bad.stream().mapToLong(file -> file.size() - file.okUpTo()).sum(),
        bad.stream().mapToLong(FileCheck::bytesAfter).sum(),
        bad.stream().mapToLong(FileCheck::commandsAfter).sum());
  }
}
