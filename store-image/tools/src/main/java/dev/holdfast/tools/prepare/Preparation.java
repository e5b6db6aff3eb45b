package dev.holdfast.tools.prepare;

import dev.holdfast.engine.storage.DirectoryLock;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Repair;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.tools.check.Failure;
import dev.holdfast.tools.check.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Optional;

/** Checks one volume under its lock and does what is decided about it. */
final class Preparation {

  private static final long PROGRESS_EVERY = 1L << 30;
  private static final long PROGRESS_STEP = 16L << 20;

  static final String TOOL = "holdfast-prepare " + Version.TEXT;

  private final Settings settings;
  private final DataFolder data;
  private final InstantSource clock;
  private final PrintStream out;

  Preparation(Settings settings, DataFolder data, InstantSource clock, PrintStream out) {
    this.settings = settings;
    this.data = data;
    this.clock = clock;
    this.out = out;
  }

  /** What came of it. */
  record Outcome(Report report, String summary) {
    boolean parked() {
      return report.state() == State.PARKED;
    }
  }

  /**
   * Checks, decides, repairs, and leaves the report in {@code holdfast/check.json}.
   *
   * @throws IOException when the volume is in use, or cannot be read: then nothing was changed and
   *     nothing is known
   */
  Outcome run() throws IOException {
    if (!Files.isDirectory(data.dir())) {
      throw new IOException(
          "there is no data folder "
              + data.dir()
              + "; mount the volume there, or name another with --dir");
    }
    try (var lock =
        DirectoryLock.acquire(data.dir(), TOOL + ", process " + ProcessHandle.current().pid())) {
      var identity = new Identity(data.dir());
      var owner = owner(identity);
      var check = check();
      var report = act(check, Decision.of(check, owner, rules()));
      if (report.state() != State.PARKED) {
        claim(identity, owner);
      }
      keep(report);
      var outcome = new Outcome(report, summary(report));
      out.println(outcome.summary());
      return outcome;
    }
  }

  private AofCheck check() throws IOException {
    try {
      return new AofChecker(this::progress).checkData(data);
    } catch (IOException e) {
      throw new IOException("cannot check " + data.dir() + ": " + e, e);
    }
  }

  private void progress(String file, long offset, long size) {
    if (offset % PROGRESS_EVERY < PROGRESS_STEP) {
      out.println(
          "holdfast-prepare: checked %d of %d MiB of %s".formatted(offset >> 20, size >> 20, file));
    }
  }

  private Decision.Owner owner(Identity identity) throws IOException {
    if (settings.storeId().isEmpty()) {
      return Decision.Owner.OURS;
    }
    Optional<String> found = identity.read();
    if (found.isEmpty()) {
      return Decision.Owner.NOBODY;
    }
    return found.equals(settings.storeId()) ? Decision.Owner.OURS : Decision.Owner.FOREIGN;
  }

  private Decision.Rules rules() {
    return new Decision.Rules(
        settings.policy(),
        settings.maxDataLoss(),
        settings.expectData(),
        data.appendOnly(),
        settings.grant().orElse(""));
  }

  private Report act(AofCheck check, Decision decision) throws IOException {
    return switch (decision.act()) {
      case PASS -> report(check, State.PASSED, decision, "nothing to do");
      case PARK ->
          report(
              explained(check, decision), State.PARKED, decision, Actions.parked(check, decision));
      case CUT -> {
        var repaired = report(check, State.REPAIRED, decision, "");
        yield unlessFull(
            check,
            decision,
            () ->
                new Repair(data.dir(), clock).apply(DamagePlan.of(check).orElseThrow(), repaired));
      }
      case SET_ASIDE -> {
        var repaired = report(check, State.REPAIRED, decision, "");
        yield unlessFull(
            check, decision, () -> new SetAside(data).apply(repaired, clock.instant()));
      }
    };
  }

  /** A repair whose evidence cannot be kept is not made. */
  private Report unlessFull(AofCheck check, Decision decision, Repairing repairing) {
    try {
      return repairing.run();
    } catch (IOException e) {
      var parked = new Decision(Decision.Act.PARK, Reason.NOT_REPAIRABLE, decision.id());
      return report(
          check,
          State.PARKED,
          parked,
          "make room on the volume and start again: the bytes to remove could not be kept in quarantine, so nothing was removed ("
              + Failure.words(e)
              + ")");
    }
  }

  private interface Repairing {
    Report run() throws IOException;
  }

  private AofCheck explained(AofCheck check, Decision decision) throws IOException {
    String message =
        switch (decision.reason()) {
          case FOREIGN_VOLUME ->
              "the volume belongs to store %s, and this is store %s"
                  .formatted(
                      new Identity(data.dir()).read().orElse("(none)"),
                      settings.storeId().orElse("(none)"));
          case VOLUME_EMPTY -> check.message() + ", but this store has started before and had data";
          default -> check.message();
        };
    return new AofCheck(
        check.verdict(),
        check.file(),
        check.offset(),
        check.bytesAtStake(),
        check.commandsAtStake(),
        message,
        check.files());
  }

  /** The report under the id that was, or could be, approved. */
  private Report report(AofCheck check, State state, Decision decision, String action) {
    return Report.of(check, clock.instant(), TOOL, state, decision.reason(), action)
        .withId(decision.id());
  }

  private void claim(Identity identity, Decision.Owner owner) throws IOException {
    if (settings.storeId().isPresent() && owner != Decision.Owner.OURS) {
      identity.write(settings.storeId().get(), clock.instant());
    }
  }

  private void keep(Report report) {
    Path file = data.dir().resolve("holdfast").resolve("check.json");
    Path temporary = file.resolveSibling("check.json.tmp");
    try {
      Files.writeString(temporary, report.toJson());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // A full disk must not keep a store down that could serve reads.
      out.println("holdfast-prepare: cannot write " + file + ": " + Failure.words(e));
    }
  }

  private static String summary(Report report) {
    var line = new StringBuilder("holdfast-prepare: ");
    line.append(report.verdict().word()).append(", ");
    line.append(report.state().word()).append(" (").append(report.reason().word()).append(')');
    report.file().ifPresent(file -> line.append(", ").append(file));
    report.offset().ifPresent(offset -> line.append(" at offset ").append(offset));
    if (report.bytesAtStake() > 0) {
      line.append(", ").append(report.bytesAtStake()).append(" bytes with ");
      line.append(report.commandsAtStake()).append(" good commands at stake");
    }
    if (!report.message().isEmpty()) {
      line.append(": ").append(report.message());
    }
    if (report.state() != State.PASSED) {
      line.append("; ").append(report.action());
    }
    return line.toString();
  }
}
