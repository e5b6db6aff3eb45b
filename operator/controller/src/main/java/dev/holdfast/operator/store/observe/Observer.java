package dev.holdfast.operator.store.observe;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers an {@link Observation} from the watches' caches and the last poll. An object that no
 * watch shows is asked for once by name: before something is created it has to be certain that the
 * name is free, and somebody else's object is never taken over.
 */
public final class Observer {

  /** The kinds that are watched, the pod excepted. */
  public static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          ConfigMap.class,
          Secret.class,
          Service.class,
          PersistentVolumeClaim.class,
          StatefulSet.class,
          PodDisruptionBudget.class);

  private final KubernetesClient client;
  private final StorePolls polls;
  private final ServerAttempts attempts;

  public Observer(KubernetesClient client, StorePolls polls, ServerAttempts attempts) {
    this.client = client;
    this.polls = polls;
    this.attempts = attempts;
  }

  /**
   * Looks at a store.
   *
   * @param status what was reported last
   */
  public Observation observe(
      PersistentStore store,
      Optional<PersistentStoreStatus> status,
      Context<PersistentStore> context) {
    var id = ResourceID.fromResource(store);
    var pod =
        context.getSecondaryResources(Pod.class).stream()
            .filter(p -> isPodOf(store, p))
            .findFirst();
    var podUid = pod.map(p -> p.getMetadata().getUid());
    return new Observation(
        store,
        status,
        objects(store, context),
        pod,
        podUid.flatMap(uid -> polls.facts(id, uid)),
        podUid.map(uid -> attempts.of(id, uid)).orElse(Map.of()));
  }

  private static boolean isPodOf(PersistentStore store, Pod pod) {
    return pod.getMetadata().getName().equals(Names.of(store).pod());
  }

  private List<HasMetadata> objects(PersistentStore store, Context<PersistentStore> context) {
    List<HasMetadata> objects = new ArrayList<>();
    for (var wanted : wanted(Names.of(store)).entrySet()) {
      for (var name : wanted.getValue()) {
        find(wanted.getKey(), name, store, context).ifPresent(objects::add);
      }
    }
    return objects;
  }

  private static Map<Class<? extends HasMetadata>, List<String>> wanted(Names names) {
    Map<Class<? extends HasMetadata>, List<String>> wanted = new LinkedHashMap<>();
    wanted.put(ConfigMap.class, List.of(names.configMap()));
    wanted.put(Secret.class, List.of(names.secret()));
    wanted.put(Service.class, List.of(names.service(), names.headlessService()));
    wanted.put(PersistentVolumeClaim.class, List.of(names.claim()));
    wanted.put(StatefulSet.class, List.of(names.statefulSet()));
    wanted.put(PodDisruptionBudget.class, List.of(names.disruptionBudget()));
    return wanted;
  }

  private <T extends HasMetadata> Optional<T> find(
      Class<T> kind, String name, PersistentStore store, Context<PersistentStore> context) {
    var cached =
        context.getSecondaryResources(kind).stream()
            .filter(object -> object.getMetadata().getName().equals(name))
            .findFirst();
    return cached.isPresent()
        ? cached
        : Optional.ofNullable(
            client
                .resources(kind)
                .inNamespace(store.getMetadata().getNamespace())
                .withName(name)
                .get());
  }
}
