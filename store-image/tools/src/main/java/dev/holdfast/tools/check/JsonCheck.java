package dev.holdfast.tools.check;

import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.KeysAtStake;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.RepairPlan;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * {@code holdfast-check-aof --report json}: prints the report of {@code docs/pod.md} and nothing
 * else.
 */
final class JsonCheck {

  private JsonCheck() {}

  static int run(
      CheckAofArguments arguments, PrintStream out, InstantSource clock, Progress progress)
      throws IOException {
    var target = Path.of(arguments.file());
    if (!Files.isRegularFile(target)) {
      out.println("Cannot open file " + arguments.file() + ": No such file or directory");
      return 1;
    }
    var cut = new TailCut(target, clock, progress);
    var check = cut.check();
    var plan = arguments.fix() ? RepairPlan.ofLastFile(check) : Optional.<RepairPlan>empty();
    Report report =
        plan.isPresent()
            ? cut.apply(check, plan.get())
            : found(check, clock).withKeysAtStake(KeysAtStake.of(check));
    out.print(report.toJson());
    return report.state() == State.FOUND ? 1 : 0;
  }

  private static Report found(AofCheck check, InstantSource clock) {
    if (check.verdict().isGood()) {
      return Report.of(
          check, clock.instant(), TailCut.TOOL, State.PASSED, Reason.CLEAN, "nothing to do");
    }
    if (RepairPlan.ofLastFile(check).isPresent()) {
      String action =
          "run again with --fix --yes: %d bytes with %d good commands, from offset %d of %s on, go to quarantine"
              .formatted(
                  check.bytesAtStake(),
                  check.commandsAtStake(),
                  check.offset().orElse(0),
                  check.file().orElse("the file"));
      return Report.of(
          check, clock.instant(), TailCut.TOOL, State.FOUND, Reason.POLICY_MANUAL, action);
    }
    return Report.of(
        check,
        clock.instant(),
        TailCut.TOOL,
        State.FOUND,
        Reason.NOT_REPAIRABLE,
        "cutting the last file does not heal this: restore a backup, or bring back what is missing");
  }
}
