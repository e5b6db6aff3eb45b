package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.Condition;
import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The state of a store in levels. Each condition is told anew at every look; what nobody can see at
 * the moment is Unknown.
 */
final class Levels {

  private static final String NO_SPACE = "No space left";

  private final Observation seen;
  private final Plan plan;
  private final List<Problem> problems;
  private final Optional<ServerFacts.Up> serving;
  private final Optional<CheckReport> check;
  private final Conditions conditions;
  private final Serving state;

  private Levels(Observation seen, Plan plan, List<Problem> problems, Instant now) {
    this.seen = seen;
    this.plan = plan;
    this.problems = problems;
    this.serving = seen.facts().flatMap(ServerFacts::serving);
    this.check = seen.facts().flatMap(ServerFacts::check);
    this.conditions =
        new Conditions(
            seen.status().map(PersistentStoreStatus::conditions).orElse(List.of()),
            seen.store().getMetadata().getGeneration(),
            now);
    this.state = Serving.of(seen, plan, problems);
  }

  static List<Condition> of(Observation seen, Plan plan, List<Problem> problems, Instant now) {
    var levels = new Levels(seen, plan, problems, now);
    levels.tell();
    return levels.conditions.all();
  }

  private void tell() {
    var stopped = seen.annotation(StoreAnnotations.STOP).filter("true"::equals).isPresent();
    var stalled =
        state.stalled()
            || problems.stream().anyMatch(Problem::stalled)
            || !plan.config().refused().isEmpty();
    conditions.set("Ready", state.ready(), state.reason(), state.message());
    progress("Progressing", stalled);
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
    progress("Reconciling", stalled);
    conditions.set(
        "Stalled",
        stalled,
        stalled ? stalledReason() : "NotStalled",
        stalled ? stalledMessage() : "nobody has to act");
  }

  /** What kubectl wait and GitOps tools look at, under our name and under that of kstatus. */
  private void progress(String type, boolean stalled) {
    if (stalled) {
      conditions.set(type, false, "Stalled", stalledMessage());
    } else if (!plan.underWay()) {
      conditions.set(type, false, "Settled", "nothing is under way");
    } else if (state.ready()) {
      conditions.set(type, true, "Changing", "settings or a rewrite are on their way");
    } else {
      conditions.set(type, true, state.reason(), state.message());
    }
  }

  private String stalledReason() {
    return problems.stream()
        .filter(Problem::stalled)
        .map(Problem::reason)
        .findFirst()
        .orElse(state.stalled() ? state.reason() : "SettingRefused");
  }

  private String stalledMessage() {
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
    var full =
        serving
            .flatMap(ServerFacts.Up::refusal)
            .filter(words -> words.contains(NO_SPACE) || words.equals(ServerFacts.ALMOST_FULL));
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
          "RecoveryRequired", true, check.get().verdict(), Serving.recovery(check.get(), seen));
    } else {
      conditions.set("RecoveryRequired", false, "NotRequired", "no decision is waited for");
    }
  }
}
