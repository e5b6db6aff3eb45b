package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PersistentStoreSpec;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observation;
import java.time.Instant;
import java.util.SortedMap;

/**
 * What the parts of a plan are made from: the observation, and what follows from it before anything
 * is done.
 *
 * @param wanted the directives that spec asks for
 * @param restartHash of what only a new pod can change, as the pod should carry it
 * @param replacing whether the pod that was seen carries another
 */
record Basis(
    Observation seen,
    Instant now,
    String image,
    MemoryBudget memory,
    Identity.Known identity,
    SortedMap<String, String> wanted,
    Settings settings,
    Grant grant,
    String restartHash,
    boolean replacing) {

  static Basis of(
      Observation seen, Instant now, String image, MemoryBudget memory, Identity.Known identity) {
    var wanted = RedisConf.wanted(seen.store().getSpec(), memory);
    var spec = RestartHash.ofSpec(seen, image, wanted);
    var outdated = seen.pod().filter(pod -> !RestartHash.carries(pod, spec)).isPresent();
    var settings = Settings.decide(seen, wanted, memory.source(), outdated, now);
    var hash = spec + RestartHash.suffix(seen, wanted, settings.removed());
    var replacing =
        seen.pod()
            .filter(pod -> !Pods.annotation(pod, StoreAnnotations.RESTART_HASH).equals(hash))
            .isPresent();
    return new Basis(
        seen, now, image, memory, identity, wanted, settings, Grant.of(seen), hash, replacing);
  }

  PersistentStoreSpec spec() {
    return seen.store().getSpec();
  }

  Names names() {
    return Names.of(seen.store());
  }

  boolean stopped() {
    return seen.annotation(StoreAnnotations.STOP).filter("true"::equals).isPresent();
  }

  /** The configuration file as it should be now. */
  String file() {
    return RedisConf.render(settings.file());
  }
}
