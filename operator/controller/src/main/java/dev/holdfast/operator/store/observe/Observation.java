package dev.holdfast.operator.store.observe;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything seen of one store at one moment. Nothing in it may be changed.
 *
 * @param store the resource as a person wrote it
 * @param status what was reported last, also when the resource does not show it yet
 * @param objects the objects that belong to the store or bear a name that it needs, its pod
 *     excepted
 * @param pod the store's pod
 * @param facts what the last poll found in that pod
 * @param attempts what was sent to that pod's server
 */
public record Observation(
    PersistentStore store,
    Optional<PersistentStoreStatus> status,
    List<HasMetadata> objects,
    Optional<Pod> pod,
    Optional<ServerFacts> facts,
    Map<String, ServerAttempts.Attempt> attempts) {

  public Observation {
    objects = List.copyOf(objects);
    attempts = Map.copyOf(attempts);
  }

  /** The object of a kind with a name, if it was seen. */
  public <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
    return objects.stream()
        .filter(object -> kind.isInstance(object) && object.getMetadata().getName().equals(name))
        .map(kind::cast)
        .findFirst();
  }

  /** Annotation of the store, or empty. */
  public Optional<String> annotation(String key) {
    return Optional.ofNullable(store.getMetadata().getAnnotations()).map(all -> all.get(key));
  }

  /** The store's claim. */
  public Optional<PersistentVolumeClaim> claim() {
    return find(PersistentVolumeClaim.class, Names.of(store).claim());
  }

  /** The configuration as it was last written. */
  public Optional<ConfigMap> configMap() {
    return find(ConfigMap.class, Names.of(store).configMap());
  }

  /** The credentials. */
  public Optional<Secret> secret() {
    return find(Secret.class, Names.of(store).secret());
  }

  /** The store's set. */
  public Optional<StatefulSet> statefulSet() {
    return find(StatefulSet.class, Names.of(store).statefulSet());
  }

  /** Whether the store has ever served commands, as far as its status or its claim tells. */
  public boolean hasServed() {
    return status.map(s -> s.firstReadyTime() != null).orElse(false);
  }
}
