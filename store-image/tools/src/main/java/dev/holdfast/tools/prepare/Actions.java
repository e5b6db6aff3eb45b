package dev.holdfast.tools.prepare;

import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.FileKind;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Verdict;

/** What a report tells a person to do. */
final class Actions {

  private Actions() {}

  /** For a parked volume: the ways out, and what an approval would do. */
  static String parked(AofCheck check, Decision decision, boolean appendOnly) {
    return instead(check, decision.reason(), appendOnly)
        + "approve with annotation store.holdfast.dev/grant: \"%s\", which means: %s"
            .formatted(decision.id(), meaning(check, decision.reason()));
  }

  /** For data that cannot be read: nobody can approve going on without knowing what is lost. */
  static String unreadable() {
    return "take away what keeps the data from being read; it is looked at again by itself";
  }

  private static String instead(AofCheck check, Reason reason, boolean appendOnly) {
    return switch (reason) {
      case FOREIGN_VOLUME, VOLUME_EMPTY -> "attach the store's own volume, or ";
      case NOT_REPAIRABLE ->
          switch (check.verdict()) {
            case MISSING_FILE -> "bring the missing file back, or ";
            case BAD_MANIFEST -> "bring a good manifest back, or ";
            case UNCLAIMED_FILES -> unclaimed(check, appendOnly);
            default ->
                "restore a backup, or take what can be read with holdfast-check-aof --salvage, or ";
          };
      default -> "";
    };
  }

  private static String unclaimed(AofCheck check, boolean appendOnly) {
    if (!appendOnly) {
      return "switch the AOF on (appendonly yes; of a PersistentStore, persistence.appendonly: true), so that its files are loaded, or ";
    }
    return isSnapshot(check)
        ? "start once with appendonly no and then CONFIG SET appendonly yes, which writes the AOF anew from %s, or "
            .formatted(check.file().orElse("the snapshot"))
        : "bring the manifest that names the files back, or ";
  }

  private static boolean isSnapshot(AofCheck check) {
    return !check.files().isEmpty() && check.files().getFirst().kind() == FileKind.SNAPSHOT;
  }

  private static String meaning(AofCheck check, Reason reason) {
    if (reason == Reason.FOREIGN_VOLUME) {
      return "this volume and its data are this store's from now on";
    }
    if (check.verdict() == Verdict.EMPTY) {
      return "the store starts empty";
    }
    return DamagePlan.of(check)
        .map(
            plan ->
                "%d bytes with %d good commands, from offset %d of %s on, go to quarantine and the store starts with what is before"
                    .formatted(
                        plan.bytes(),
                        plan.commands(),
                        check.offset().orElse(0),
                        check.file().orElse("the AOF")))
        .orElse("all data files go to quarantine and the store starts empty");
  }
}
