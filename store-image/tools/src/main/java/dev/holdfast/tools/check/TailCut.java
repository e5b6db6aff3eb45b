package dev.holdfast.tools.check;

import dev.holdfast.engine.storage.DirectoryLock;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.KeysAtStake;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Repair;
import dev.holdfast.formats.check.RepairPlan;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Cuts the end of an AOF's last file on a person's word: under the data folder's lock, with the
 * removed bytes and the report in quarantine first.
 *
 * @param target the manifest or the single file that is being checked
 */
record TailCut(Path target, InstantSource clock, Progress progress) {

  static final String TOOL = "holdfast-check-aof " + Version.TEXT;

  /**
   * The folder that holds {@code quarantine/} and the lock: that of the single file, or the one
   * above the manifest's.
   */
  Path dataFolder() throws IOException {
    var folder = target.toAbsolutePath().getParent();
    boolean nested = ManifestDetection.isManifest(target) && folder.getParent() != null;
    return nested ? folder.getParent() : folder;
  }

  /** What the check library has to say about the whole AOF. */
  AofCheck check() throws IOException {
    var checker = new AofChecker(progress);
    return ManifestDetection.isManifest(target)
        ? checker.checkManifest(target)
        : checker.checkFile(target);
  }

  /** Cuts one file that was checked already. */
  void cut(Path file, long keep, long bytes) throws IOException {
    apply(
        check(),
        new RepairPlan(
            List.of(new RepairPlan.Cut(file.toAbsolutePath(), keep, bytes)), bytes, bytes, 0));
  }

  /** Carries out the plan; returns the report with what was dropped. */
  Report apply(AofCheck check, RepairPlan plan) throws IOException {
    try (var lock =
        DirectoryLock.acquire(dataFolder(), TOOL + ", process " + ProcessHandle.current().pid())) {
      var report =
          Report.of(check, clock.instant(), TOOL, State.REPAIRED, Reason.GRANTED, "")
              .withKeysAtStake(KeysAtStake.of(check));
      return new Repair(dataFolder(), clock).apply(plan, report);
    }
  }
}
