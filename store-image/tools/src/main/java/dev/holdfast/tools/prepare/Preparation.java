package dev.holdfast.tools.prepare;

import dev.holdfast.engine.storage.DirectoryLock;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.FilledAhead;
import dev.holdfast.formats.check.KeysAtStake;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Repair;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.formats.check.UnfinishedRepair;
import dev.holdfast.formats.check.Verdict;
import dev.holdfast.tools.check.Failure;
import dev.holdfast.tools.check.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
  private final int databases;
  private final InstantSource clock;
  private final PrintStream out;

  /**
   * @param databases how many the server has
   */
  Preparation(
      Settings settings, DataFolder data, int databases, InstantSource clock, PrintStream out) {
    this.settings = settings;
    this.data = data;
    this.databases = databases;
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
      var unfinished = finished();
      var check = check();
      var decision = Decision.of(check, owner, rules(unfinished));
      var report = act(check, decision);
      if (unfinished.isPresent() && report.state() == State.PASSED && isNews(unfinished.get())) {
        report = unfinished.get().report();
      }
      if (report.state() != State.PARKED) {
        claim(identity, owner);
      }
      keep(report);
      // An empty volume stays explained until the server has written its first file.
      if (check.verdict() != Verdict.EMPTY && decision.act() != Decision.Act.SET_ASIDE) {
        forget();
      }
      var outcome = new Outcome(report, summary(report));
      out.println(outcome.summary());
      return outcome;
    }
  }

  /** What there is to say when {@link #run} failed: nothing is known, so nothing is approved. */
  Outcome unreadable(IOException failure) {
    var file = Unreadable.file(data, failure);
    var report =
        Unreadable.report(file, Failure.named(failure), clock.instant(), Actions.unreadable());
    return new Outcome(report, summary(report));
  }

  /** A repair that was cut short was decided already: it is completed first. */
  private Optional<UnfinishedRepair> finished() throws IOException {
    var unfinished = UnfinishedRepair.find(data.dir());
    if (unfinished.isPresent()) {
      unfinished.get().finish();
    }
    return unfinished;
  }

  /** Whether nobody was told of the repair yet. */
  private boolean isNews(UnfinishedRepair repair) throws IOException {
    try {
      return !Files.readString(reportFile()).equals(repair.report().toJson());
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private void forget() throws IOException {
    var unfinished = UnfinishedRepair.find(data.dir());
    if (unfinished.isPresent()) {
      unfinished.get().forget();
    }
  }

  private AofCheck check() throws IOException {
    try {
      var found = new AofChecker(this::progress).checkData(data);
      var cut = FilledAhead.isAll(found) ? FilledAhead.cut(found) : found;
      return new NewerSnapshot(data, databases, out).judge(cut);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void progress(String file, long offset, long size) {
    if (offset >= PROGRESS_STEP && offset % PROGRESS_EVERY < PROGRESS_STEP) {
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

  private Decision.Rules rules(Optional<UnfinishedRepair> unfinished) {
    return new Decision.Rules(
        settings.policy(),
        settings.maxDataLoss(),
        settings.expectData() && unfinished.isEmpty(),
        data.appendOnly(),
        settings.grant().orElse(""));
  }

  private Report act(AofCheck check, Decision decision) throws IOException {
    return switch (decision.act()) {
      case PASS -> report(check, State.PASSED, decision, "nothing to do");
      case PARK ->
          report(
              explained(check, decision),
              State.PARKED,
              decision,
              Actions.parked(check, decision, data.appendOnly()));
      case CUT -> {
        var repaired = report(check, State.REPAIRED, decision, "");
        var plan = DamagePlan.of(check).orElseThrow();
        yield repaired(check, decision, () -> new Repair(data.dir(), clock).begin(plan, repaired));
      }
      case SET_ASIDE -> {
        var repaired = report(check, State.REPAIRED, decision, "");
        yield repaired(check, decision, () -> new SetAside(data).begin(repaired, clock.instant()));
      }
    };
  }

  /** A repair whose evidence cannot be kept is not made. */
  private Report repaired(AofCheck check, Decision decision, Beginning beginning)
      throws IOException {
    forget();
    UnfinishedRepair repair;
    try {
      repair = beginning.begin();
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
    repair.finish();
    return repair.report();
  }

  private interface Beginning {
    UnfinishedRepair begin() throws IOException;
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
    return check.withMessage(message);
  }

  /** The report under the id that was, or could be, approved. */
  private Report report(AofCheck check, State state, Decision decision, String action)
      throws IOException {
    return Report.of(check, clock.instant(), TOOL, state, decision.reason(), action)
        .withId(decision.id())
        .withKeysAtStake(KeysAtStake.of(check));
  }

  private void claim(Identity identity, Decision.Owner owner) throws IOException {
    if (settings.storeId().isPresent() && owner != Decision.Owner.OURS) {
      identity.write(settings.storeId().get(), clock.instant());
    }
  }

  private void keep(Report report) {
    Path file = reportFile();
    Path temporary = file.resolveSibling("check.json.tmp");
    try {
      Files.writeString(temporary, report.toJson());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // A full disk must not keep a store down that could serve reads.
      out.println("holdfast-prepare: cannot write " + file + ": " + Failure.words(e));
    }
  }

  private Path reportFile() {
    return data.dir().resolve("holdfast").resolve("check.json");
  }

  private static String summary(Report report) {
    var line = new StringBuilder("holdfast-prepare: ");
    line.append(report.verdict().word()).append(", ");
    line.append(report.state().word()).append(" (").append(report.reason().word()).append(')');
    report.file().ifPresent(file -> line.append(", ").append(file));
    report.offset().ifPresent(offset -> line.append(" at offset ").append(offset));
    if (report.bytesAtStake() > 0) {
      line.append(", ").append(report.bytesAtStake()).append(" bytes with ");
      line.append(report.commandsAtStake()).append(" good commands");
      report
          .keysAtStake()
          .filter(keys -> keys.count() > 0)
          .ifPresent(
              keys ->
                  line.append(" on ")
                      .append(keys.atLeast() ? "at least " : "")
                      .append(keys.count())
                      .append(" keys"));
      line.append(" at stake");
      if (report.promisedBytes() != report.bytesAtStake()) {
        line.append(", ").append(report.promisedBytes()).append(" of them promised");
      }
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
