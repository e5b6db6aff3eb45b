package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Pods;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerFacts;
import java.util.List;

/**
 * Whether a store serves, and if not, the one reason that a person on call wants to hear first.
 *
 * @param stalled whether waiting does not help
 */
record Serving(boolean ready, boolean stalled, String reason, String message) {

  static Serving of(Observation seen, Plan plan, List<Problem> problems) {
    var stopped = seen.annotation(StoreAnnotations.STOP).filter("true"::equals).isPresent();
    if (seen.pod().isEmpty() || Pods.going(seen.pod().get())) {
      return stopped
          ? no(
              "Stopped",
              "stopped by the annotation " + StoreAnnotations.STOP + "; the volume is kept")
          : problems.stream()
              .findFirst()
              .map(p -> new Serving(false, p.stalled(), p.reason(), p.message()))
              .orElseGet(() -> no("NoPod", "waiting for the pod to be made"));
    }
    var pod = seen.pod().get();
    var check = seen.facts().flatMap(ServerFacts::check);
    if (check.filter(CheckReport::parked).isPresent()) {
      return new Serving(false, true, "RecoveryRequired", recovery(check.get(), seen));
    }
    var server = seen.facts().map(ServerFacts::server);
    if (server.isPresent() && server.get() instanceof ServerFacts.Up up) {
      if (up.info().loading()) {
        return no(
            "Loading", "replaying the append-only file, " + up.info().loadingPercent() + " % done");
      }
      if (up.refusal().isPresent()) {
        return no("WritesRefused", "the server answers writes with: " + up.refusal().get());
      }
      return Pods.ready(pod)
          ? new Serving(true, false, "Serving", "commands are served")
          : no("NotReady", "the server answers, its readiness probe not yet");
    }
    return notAnswering(seen, problems);
  }

  private static Serving notAnswering(Observation seen, List<Problem> problems) {
    var pod = seen.pod().orElseThrow();
    if (!problems.isEmpty()) {
      var first = problems.getFirst();
      return new Serving(false, first.stalled(), first.reason(), first.message());
    }
    if (Pods.crashing(pod)) {
      return new Serving(
          false,
          true,
          "Crashing",
          "the container fails again and again; its last words: "
              + Pods.lastWords(pod).orElse("none"));
    }
    var waiting = Pods.waiting(pod).filter(word -> word.contains("Image"));
    if (waiting.isPresent()) {
      return new Serving(false, true, waiting.get(), "the image cannot be had: " + waiting.get());
    }
    var unscheduled = Pods.unscheduled(pod);
    if (unscheduled.isPresent()) {
      return no("Unscheduled", unscheduled.get());
    }
    return seen.facts()
        .map(ServerFacts::server)
        .filter(ServerFacts.Down.class::isInstance)
        .map(
            down ->
                no(
                    "Unreachable",
                    "the server does not answer: " + ((ServerFacts.Down) down).words()))
        .orElseGet(() -> no("Starting", "waiting for the pod to start"));
  }

  static String recovery(CheckReport check, Observation seen) {
    var where =
        check.file() == null
            ? ""
            : " in "
                + check.file()
                + (check.offset() == null ? "" : " at offset " + check.offset());
    var found = check.verdict() + " (" + check.reason() + ")" + where + ": " + check.message();
    if (check.verdict().equals("Unreadable")) {
      // Nobody knows what is at stake, so there is nothing to approve; the pod looks again by
      // itself.
      return found + "; " + check.action();
    }
    return found
        + "; going on would drop "
        + (check.bytesAtStake() == null ? "an unknown number of" : check.bytesAtStake())
        + " bytes and "
        + (check.commandsAtStake() == null ? "an unknown number of" : check.commandsAtStake())
        + " commands. To approve it: kubectl annotate pstore "
        + seen.store().getMetadata().getName()
        + " --overwrite "
        + StoreAnnotations.APPROVE_RECOVERY
        + "="
        + check.id()
        + seen.annotation(StoreAnnotations.APPROVE_RECOVERY)
            .filter(approved -> !approved.strip().equals(check.id()))
            .map(other -> " (it is " + other + " now, which approves nothing here)")
            .orElse("");
  }

  private static Serving no(String reason, String message) {
    return new Serving(false, false, reason, message);
  }
}
