package dev.holdfast.formats.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a repair would do: cut the end of files. Pure; {@link Repair#apply} does it.
 *
 * @param bytes that would be cut, zero padding included
 * @param bytesAtStake what counts against a budget: the same without zero padding at the end
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
    boolean onlyLast =
        check.files().subList(0, check.files().size() - 1).stream()
            .allMatch(file -> file.verdict().isGood());
    var verdict = check.files().getLast().verdict();
    boolean cuttable = verdict.isTail() || verdict == Verdict.CORRUPT_MIDDLE;
    return onlyLast && cuttable && verdict == check.verdict()
        ? Optional.of(cutting(check))
        : Optional.empty();
  }

  private static RepairPlan cutting(AofCheck check) {
    var last = check.files().getLast();
    long bytes = last.size() - last.okUpTo();
    return new RepairPlan(
        List.of(new Cut(last.path(), last.okUpTo(), bytes)),
        bytes,
        last.bytesAfter(),
        last.commandsAfter());
  }
}
