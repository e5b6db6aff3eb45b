package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.store.observe.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * From what was seen to what is to be done. A pure function: the same observation at the same
 * moment gives the same plan, and a world that is as it should be gives a plan without steps.
 */
public final class Decider {

  private final String defaultImage;

  /**
   * @param defaultImage for stores that leave the choice to the operator
   */
  public Decider(String defaultImage) {
    this.defaultImage = defaultImage;
  }

  /** Decides. */
  public Plan decide(Observation seen, Instant now) {
    var spec = seen.store().getSpec();
    var image =
        Optional.ofNullable(spec.image())
            .or(() -> seen.status().map(PersistentStoreStatus::image))
            .orElse(defaultImage);
    var memory = MemoryBudget.of(spec);
    if (memory.problem().isPresent()) {
      return refused(seen, image, memory, new Problem("InvalidSpec", memory.problem().get(), true));
    }
    return switch (Identity.of(seen)) {
      case Identity.Refused(Problem problem) -> refused(seen, image, memory, problem);
      case Identity.Known identity -> StorePlan.of(Basis.of(seen, now, image, memory, identity));
    };
  }

  /** Nothing is touched: what runs goes on running. */
  private static Plan refused(
      Observation seen, String image, MemoryBudget memory, Problem problem) {
    return new Plan(
        List.of(),
        List.of(problem),
        seen.status().map(PersistentStoreStatus::storeId),
        image,
        new Plan.Memory(memory.maxmemory(), memory.source()),
        new Plan.Config(false, false, new TreeMap<>(), false),
        Pods.pollTarget(seen, Set.of()),
        !problem.stalled(),
        List.of(),
        seen.status().map(PersistentStoreStatus::handledRewriteRequest));
  }
}
