package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.ServerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plan of a store whose spec is sound and whose volume is its own: its belongings first, then
 * its pod, then what is sent to its server.
 */
final class StorePlan {

  private final Basis basis;
  private final Observation seen;
  private final Settings settings;
  private final List<Step> steps = new ArrayList<>();

  private StorePlan(Basis basis) {
    this.basis = basis;
    this.seen = basis.seen();
    this.settings = basis.settings();
  }

  static Plan of(Basis basis) {
    return new StorePlan(basis).make();
  }

  private Plan make() {
    var belongings = new Belongings(basis);
    belongings.decide();
    steps.addAll(belongings.steps());
    if (!basis.stopped() && belongings.problems().isEmpty()) {
      new RunningPod(basis).step(belongings.setIsCurrent()).ifPresent(steps::add);
    }
    var handled = commands();
    return new Plan(
        steps,
        belongings.problems(),
        Optional.of(basis.identity().storeId()),
        basis.image(),
        new Plan.Memory(basis.memory().maxmemory(), basis.memory().source()),
        new Plan.Config(settings.allLive(), inFile(), settings.refused(), basis.replacing()),
        Pods.pollTarget(seen, basis.wanted().keySet()),
        underWay(belongings.problems()),
        adoption(),
        handled);
  }

  /** What is sent to a server that stays; a server that is about to go is left alone. */
  private Optional<String> commands() {
    var pod = seen.pod().filter(p -> !Pods.going(p));
    if (basis.replacing() || basis.stopped() || pod.isEmpty()) {
      return seen.status().map(PersistentStoreStatus::handledRewriteRequest);
    }
    var uid = pod.get().getMetadata().getUid();
    if (!settings.send().isEmpty()) {
      steps.add(new Step.SendSettings(uid, settings.send(), settings.drift()));
    }
    var rewrites = Rewrites.decide(seen, basis.now());
    var last = Optional.ofNullable(seen.attempts().get(ServerAttempts.REWRITE));
    rewrites
        .start()
        .ifPresent(
            start -> steps.add(new Step.StartRewrite(uid, start.request(), start.why(), last)));
    return rewrites.handledRequest();
  }

  private List<Notice> adoption() {
    return basis.identity().adopted()
        ? List.of(
            Notice.normal(
                "VolumeAdopted",
                "claim "
                    + basis.names().claim()
                    + " carries the data of an earlier store of this name (identity "
                    + basis.identity().storeId()
                    + "): it is used"))
        : List.of();
  }

  private boolean inFile() {
    var sha256 = RedisConf.sha256(basis.file());
    return settings.file().equals(basis.wanted())
        && seen.facts().flatMap(ServerFacts::fileSha256).filter(sha256::equals).isPresent();
  }

  private boolean underWay(List<Problem> problems) {
    if (basis.stopped()) {
      return seen.pod().isPresent();
    }
    var serving = seen.facts().flatMap(ServerFacts::serving);
    return !steps.isEmpty()
        || basis.replacing()
        || seen.pod().filter(Pods::ready).isEmpty()
        || serving.isEmpty()
        || serving.get().info().rewriting()
        || (settings.refused().isEmpty() && !(settings.allLive() && inFile()))
        || problems.stream().anyMatch(problem -> !problem.stalled());
  }
}
