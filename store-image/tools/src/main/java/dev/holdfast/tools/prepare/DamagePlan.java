package dev.holdfast.tools.prepare;

import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.FileCheck;
import dev.holdfast.formats.check.RepairPlan;
import dev.holdfast.formats.check.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a cut would remove when somebody approved it: everything from the first damage on, in that
 * file and in all later ones.
 */
final class DamagePlan {

  private DamagePlan() {}

  /**
   * The plan; empty when nothing worth keeping would remain, as with a damaged RDB base or a
   * missing file.
   */
  static Optional<RepairPlan> of(AofCheck check) {
    if (check.verdict().isTail()) {
      return RepairPlan.of(check);
    }
    if (check.verdict() != Verdict.CORRUPT_MIDDLE && check.verdict() != Verdict.CORRUPT_BASE) {
      return Optional.empty();
    }
    var cuts = new ArrayList<RepairPlan.Cut>();
    long commands = 0;
    boolean damaged = false;
    for (FileCheck file : check.files()) {
      if (!damaged && !file.verdict().isGood() && !file.isPadded()) {
        if (file.verdict() == Verdict.CORRUPT_BASE && file.format() == BaseFormat.RDB) {
          return Optional.empty();
        }
        damaged = true;
        cuts.add(cut(file, file.okUpTo()));
        commands += file.commandsAfter();
      } else if (damaged && file.size() > 0) {
        cuts.add(cut(file, 0));
        commands += file.entries() + file.commandsAfter();
      } else if (file.isPadded()) {
        cuts.add(cut(file, file.okUpTo()));
      }
    }
    return Optional.of(plan(cuts, commands));
  }

  private static RepairPlan plan(List<RepairPlan.Cut> cuts, long commands) {
    long bytes = cuts.stream().mapToLong(RepairPlan.Cut::bytes).sum();
    return new RepairPlan(cuts, bytes, bytes, commands);
  }

  private static RepairPlan.Cut cut(FileCheck file, long keep) {
    return new RepairPlan.Cut(file.path(), keep, file.size() - keep);
  }
}
