package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.Observation;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Tells whether a pod has to be replaced. The hash covers only what cannot change while the pod
 * stays, and its inputs and their form are fixed here: a new version of the operator gives the same
 * hash for the same spec, whatever else it renders differently, and so restarts nothing. Changing
 * what goes in restarts every store in the world.
 */
final class RestartHash {

  private static final int LENGTH = 16;

  private RestartHash() {}

  /**
   * The part that follows from spec, and from the secret, whose password the server reads at its
   * start.
   */
  static String ofSpec(Observation seen, String image, SortedMap<String, String> wanted) {
    var spec = seen.store().getSpec();
    SortedMap<String, String> parts = new TreeMap<>();
    parts.put("resources", Json.canonical(PodTemplate.resources(spec.resources())).toString());
    if (spec.pod() != null) {
      parts.put("nodeSelector", Json.canonical(spec.pod().nodeSelector()).toString());
      parts.put("tolerations", Json.canonical(spec.pod().tolerations()).toString());
      parts.put("affinity", Json.canonical(spec.pod().affinity()).toString());
    }
    parts
        .values()
        .removeIf(value -> value.equals("null") || value.equals("[]") || value.equals("{}"));
    parts.put("image", image);
    parts.put("secret", seen.secret().map(secret -> secret.getMetadata().getUid()).orElse(""));
    parts.put("config", RedisConf.sha256(Settings.atStart(wanted)));
    return RedisConf.sha256(parts).substring(0, LENGTH);
  }

  /**
   * A directive that is taken out of spec goes back to its default with the next start, so it asks
   * for one, and once.
   */
  static String suffix(
      Observation seen, SortedMap<String, String> wanted, SortedSet<String> removed) {
    if (!removed.isEmpty()) {
      return "-" + RedisConf.sha256(wanted).substring(0, LENGTH / 2);
    }
    return seen.statefulSet()
        .map(set -> set.getSpec().getTemplate().getMetadata().getAnnotations())
        .map(annotations -> annotations.get(StoreAnnotations.RESTART_HASH))
        .filter(hash -> hash.contains("-"))
        .map(hash -> hash.substring(hash.indexOf('-')))
        .orElse("");
  }

  /** Whether a pod was made for this spec, its removed directives aside. */
  static boolean carries(Pod pod, String ofSpec) {
    return Pods.annotation(pod, StoreAnnotations.RESTART_HASH).startsWith(ofSpec);
  }
}
