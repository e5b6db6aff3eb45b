package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.AofStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.CheckStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.MemoryStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.RepairStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.RewriteStatus;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerFacts;
import dev.holdfast.operator.store.observe.ServerInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the status. A pure function of what was seen and planned; facts that nobody can see at the
 * moment keep their last value, conditions do not.
 */
public final class StatusReport {

  private static final String NO_SPACE = "No space left";
  private static final long LEAST_CHANGE = 1L << 20;

  private final Observation seen;
  private final Plan plan;
  private final List<Problem> problems;
  private final Instant now;
  private final Optional<PersistentStoreStatus> before;
  private final Optional<ServerFacts.Up> serving;
  private final Optional<CheckReport> check;
  private final Conditions conditions;

  private StatusReport(Observation seen, Plan plan, List<Problem> problems, Instant now) {
    this.seen = seen;
    this.plan = plan;
    this.problems = problems;
    this.now = now;
    this.before = seen.status();
    this.serving = seen.facts().flatMap(ServerFacts::serving);
    this.check = seen.facts().flatMap(ServerFacts::check);
    this.conditions =
        new Conditions(
            before.map(PersistentStoreStatus::conditions).orElse(List.of()),
            seen.store().getMetadata().getGeneration(),
            now);
  }

  /**
   * The status of a store.
   *
   * @param problems what stands in the way, the plan's problems included
   */
  public static PersistentStoreStatus of(
      Observation seen, Plan plan, List<Problem> problems, Instant now) {
    return new StatusReport(seen, plan, problems, now).write();
  }

  private PersistentStoreStatus write() {
    var ready = conditions();
    var names = Names.of(seen.store());
    return new PersistentStoreStatus(
        seen.store().getMetadata().getGeneration(),
        plan.storeId().orElse(null),
        plan.image(),
        before
            .map(PersistentStoreStatus::firstReadyTime)
            .orElse(ready ? now.truncatedTo(ChronoUnit.SECONDS).toString() : null),
        names.host() + ":6379",
        names.secret(),
        serving
            .map(Durability::of)
            .or(() -> before.map(PersistentStoreStatus::durability))
            .orElse(null),
        aof(),
        new MemoryStatus(plan.memory().maxmemory(), plan.memory().source()),
        check
            .map(StatusReport::status)
            .or(() -> before.map(PersistentStoreStatus::lastCheck))
            .orElse(null),
        check
            .flatMap(StatusReport::repair)
            .or(() -> before.map(PersistentStoreStatus::lastRepair))
            .orElse(null),
        plan.handledRewriteRequest().orElse(null),
        conditions.all());
  }

  // Conditions

  private boolean conditions() {
    var state = Serving.of(seen, plan, problems);
    var stopped = seen.annotation(StoreAnnotations.STOP).filter("true"::equals).isPresent();
    var stalled =
        state.stalled()
            || problems.stream().anyMatch(Problem::stalled)
            || !plan.config().refused().isEmpty();
    var progressing = !stalled && plan.underWay();
    var doing =
        !state.ready()
            ? state.message()
            : progressing ? "settings or a rewrite are on their way" : "nothing is under way";
    var progressReason =
        progressing
            ? (state.ready() ? "Changing" : state.reason())
            : stalled ? "Stalled" : "Settled";
    conditions.set("Ready", state.ready(), state.reason(), state.message());
    conditions.set(
        "Progressing",
        progressing,
        progressing ? (state.ready() ? "Changing" : state.reason()) : "Settled",
        doing);
    config(stopped);
    verified();
    persistence();
    disk();
    recovery();
    conditions.set(
        "Paused",
        stopped,
        stopped ? "Stopped" : "NotAsked",
        stopped
            ? "the annotation " + StoreAnnotations.STOP + " keeps the pod away"
            : "the store runs");
    conditions.set("Reconciling", progressing, progressReason, doing);
    conditions.set(
        "Stalled",
        stalled,
        stalled ? stalledReason(state) : "NotStalled",
        stalled ? stalledMessage(state) : "nobody has to act");
    return state.ready();
  }

  private String stalledReason(Serving state) {
    return problems.stream()
        .filter(Problem::stalled)
        .map(Problem::reason)
        .findFirst()
        .orElse(state.stalled() ? state.reason() : "SettingRefused");
  }

  private String stalledMessage(Serving state) {
    return problems.stream()
        .filter(Problem::stalled)
        .map(Problem::message)
        .findFirst()
        .orElse(state.stalled() ? state.message() : refusals());
  }

  private String refusals() {
    return plan.config().refused().entrySet().stream()
        .map(refused -> refused.getKey() + ": " + refused.getValue())
        .collect(Collectors.joining("; ", "the server refuses ", ""));
  }

  private void config(boolean stopped) {
    var config = plan.config();
    var invalid = problems.stream().filter(p -> p.reason().equals("InvalidSpec")).findFirst();
    if (invalid.isPresent()) {
      conditions.set("ConfigApplied", false, "InvalidSpec", invalid.get().message());
    } else if (!config.refused().isEmpty()) {
      conditions.set(
          "ConfigApplied", false, "Refused", refusals() + "; the last good configuration stays");
    } else if (config.restart()) {
      conditions.set(
          "ConfigApplied",
          false,
          "Restarting",
          "the pod is replaced for what only a start can change");
    } else if (serving.isEmpty()) {
      conditions.set(
          "ConfigApplied",
          Status.UNKNOWN,
          stopped ? "Stopped" : "NotServing",
          "nobody can say while the server does not serve");
    } else if (!config.live()) {
      conditions.set("ConfigApplied", false, "Sending", "settings are on their way to the server");
    } else if (!config.inFile()) {
      conditions.set(
          "ConfigApplied", false, "Writing", "live; the file in the pod does not have it yet");
    } else {
      conditions.set(
          "ConfigApplied", true, "Applied", "live, and in the file that the next start reads");
    }
  }

  private void verified() {
    if (check.isEmpty()) {
      conditions.set(
          "AOFVerified", Status.UNKNOWN, "NotChecked", "no report of a check is at hand");
      return;
    }
    var report = check.get();
    conditions.set(
        "AOFVerified",
        !report.parked(),
        report.repaired() ? "Repaired" : report.verdict(),
        report.repaired()
            ? report.verdict() + " was repaired: " + report.action()
            : words(report.message(), "checked at " + report.time()));
  }

  private static String words(String message, String otherwise) {
    return message == null || message.isEmpty() ? otherwise : message;
  }

  private void persistence() {
    if (serving.isEmpty()) {
      conditions.set(
          "PersistenceHealthy",
          Status.UNKNOWN,
          "NotServing",
          "nobody can say while the server does not serve");
      return;
    }
    var info = serving.get().info();
    if (!info.aofEnabled()) {
      conditions.set(
          "PersistenceHealthy",
          false,
          "AppendonlyOff",
          "nothing is logged: a restart loses all data");
    } else if (!info.lastWriteOk() || serving.get().refusal().isPresent()) {
      conditions.set(
          "PersistenceHealthy",
          false,
          "WriteFailed",
          serving.get().refusal().orElse("writing the append-only file failed"));
    } else if (!info.lastRewriteOk()) {
      conditions.set(
          "PersistenceHealthy",
          false,
          "RewriteFailed",
          "the last rewrite failed: see the server's log");
    } else {
      conditions.set(
          "PersistenceHealthy", true, "Logging", "the append-only file is written and synced");
    }
  }

  private void disk() {
    var full = serving.flatMap(ServerFacts.Up::refusal).filter(words -> words.contains(NO_SPACE));
    if (full.isPresent()) {
      conditions.set(
          "DiskPressure",
          true,
          "DiskFull",
          full.get() + "; raise spec.storage.size, or delete keys and rewrite");
    } else if (serving.isPresent()) {
      conditions.set("DiskPressure", false, "WritesSucceed", "the log finds room");
    } else {
      conditions.set(
          "DiskPressure",
          Status.UNKNOWN,
          "NotServing",
          "nobody can say while the server does not serve");
    }
  }

  private void recovery() {
    var volume =
        problems.stream()
            .filter(p -> p.reason().equals("ForeignVolume") || p.reason().equals("UnknownVolume"))
            .findFirst();
    if (volume.isPresent()) {
      conditions.set("RecoveryRequired", true, volume.get().reason(), volume.get().message());
    } else if (check.filter(CheckReport::parked).isPresent()) {
      conditions.set(
          "RecoveryRequired", true, check.get().verdict(), Serving.recovery(check.get()));
    } else {
      conditions.set("RecoveryRequired", false, "NotRequired", "no decision is waited for");
    }
  }

  // Facts

  /** Sizes change all the time; only a change that a person would notice is worth a write. */
  private AofStatus aof() {
    var old = before.map(PersistentStoreStatus::aof);
    if (serving.isEmpty()) {
      return old.orElse(null);
    }
    var info = serving.get().info();
    var size = settled(old.map(AofStatus::sizeBytes), info.aofCurrentSize());
    return new AofStatus(
        ByteSize.print(size),
        size,
        info.aofBaseSize(),
        info.rewriting(),
        rewrite(old.map(AofStatus::lastRewrite), info));
  }

  private static long settled(Optional<Long> before, long now) {
    return before
        .filter(old -> Math.abs(now - old) < Math.max(LEAST_CHANGE, old / 20))
        .filter(old -> old != 0 || now == 0)
        .orElse(now);
  }

  /**
   * The server does not say when its last rewrite ended, only how many there were; seeing the count
   * change is seeing one end.
   */
  private RewriteStatus rewrite(Optional<RewriteStatus> old, ServerInfo info) {
    var known = old.map(RewriteStatus::count).orElse(0L);
    if (info.rewriting() || info.rewrites() == known || info.rewrites() == 0) {
      return old.orElse(null);
    }
    return new RewriteStatus(
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        info.lastRewriteOk() ? "ok" : "err",
        Math.max(info.lastRewriteSeconds(), 0),
        info.rewrites());
  }

  private static CheckStatus status(CheckReport check) {
    return new CheckStatus(
        check.id(),
        check.time(),
        check.verdict(),
        check.state(),
        check.reason(),
        check.file(),
        check.offset(),
        check.bytesAtStake(),
        check.commandsAtStake(),
        check.message(),
        check.action());
  }

  private static Optional<RepairStatus> repair(CheckReport check) {
    return Optional.ofNullable(check.dropped())
        .filter(dropped -> check.repaired())
        .map(
            dropped ->
                new RepairStatus(
                    check.time(),
                    check.verdict(),
                    check.reason(),
                    dropped.bytes(),
                    dropped.commands(),
                    dropped.quarantine()));
  }
}
