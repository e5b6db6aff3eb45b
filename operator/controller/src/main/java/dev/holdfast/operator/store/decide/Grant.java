package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Observation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a repair is approved. A person names a verdict's id on the store; the pod that is parked
 * with it is replaced by one that carries the id. Some verdicts have the same id every time (an
 * empty volume), so an approval is bound to the pod that was parked when it was seen, and grants
 * once: what it was used for is kept on the set until the annotation goes away.
 *
 * @param id to write on the pod's template; empty for none
 * @param used to keep on the set; empty for nothing
 * @param replace whether the pod that is parked has to make way for one that carries the id
 */
record Grant(Optional<String> id, Optional<String> used, boolean replace) {

  static Grant of(Observation seen) {
    var approval =
        seen.annotation(StoreAnnotations.APPROVE_RECOVERY)
            .map(String::strip)
            .filter(s -> !s.isEmpty());
    if (approval.isEmpty()) {
      return new Grant(Optional.empty(), Optional.empty(), false);
    }
    var used =
        seen.statefulSet()
            .map(set -> annotations(set).get(StoreAnnotations.APPROVAL_USED))
            .filter(text -> text.startsWith(approval.get() + "@"));
    var check = seen.facts().flatMap(facts -> facts.check());
    var parkedWithIt = check.filter(c -> c.parked() && approval.get().equals(c.id())).isPresent();
    if (parkedWithIt) {
      var mark =
          approval.get() + "@" + seen.pod().map(pod -> pod.getMetadata().getUid()).orElse("");
      if (used.isEmpty() || used.get().equals(mark)) {
        return new Grant(approval, Optional.of(mark), !carries(seen.pod(), approval.get()));
      }
    }
    if (used.isPresent()
        && onTemplate(seen, approval.get())
        && !done(seen.pod(), check, approval.get())) {
      return new Grant(approval, used, parkedWithIt && !carries(seen.pod(), approval.get()));
    }
    return new Grant(Optional.empty(), used, false);
  }

  private static boolean onTemplate(Observation seen, String id) {
    return seen.statefulSet()
        .map(set -> set.getSpec().getTemplate().getMetadata().getAnnotations())
        .map(annotations -> id.equals(annotations.get(StoreAnnotations.GRANT)))
        .orElse(false);
  }

  private static boolean done(Optional<Pod> pod, Optional<CheckReport> check, String id) {
    return carries(pod, id) && check.isPresent() && !check.get().parked();
  }

  private static boolean carries(Optional<Pod> pod, String id) {
    return pod.map(p -> id.equals(annotations(p).get(StoreAnnotations.GRANT))).orElse(false);
  }

  private static Map<String, String> annotations(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getAnnotations()).orElse(Map.of());
  }
}
