package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Renders what belongs to a store, the pod's template excepted. The same input gives the same
 * objects, to the byte.
 */
final class OwnedObjects {

  private final PersistentStore store;
  private final Names names;

  OwnedObjects(PersistentStore store) {
    this.store = store;
    this.names = Names.of(store);
  }

  ConfigMap configMap(String redisConf) {
    return new ConfigMapBuilder()
        .withMetadata(owned(names.configMap()))
        .withData(Map.of(RedisConf.FILE, redisConf))
        .build();
  }

  /** The credentials without the password and what is made from it. */
  Secret secretWithoutPassword() {
    return new SecretBuilder()
        .withMetadata(owned(names.secret()))
        .withType("Opaque")
        .withStringData(
            Map.of(
                "host", names.host(),
                "port", Integer.toString(PodTemplate.REDIS_PORT),
                "username", "default"))
        .build();
  }

  Service clientService() {
    return service(names.service(), null, null);
  }

  /** Gives the pod its name, also while it is not ready. */
  Service headlessService() {
    return service(names.headlessService(), "None", true);
  }

  private Service service(String name, String clusterIp, Boolean publishNotReady) {
    return new ServiceBuilder()
        .withMetadata(owned(name))
        .withNewSpec()
        .withClusterIP(clusterIp)
        .withPublishNotReadyAddresses(publishNotReady)
        .withSelector(names.selector())
        .addNewPort()
        .withName("redis")
        .withPort(PodTemplate.REDIS_PORT)
        .withTargetPort(new IntOrString("redis"))
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }

  /**
   * Never blocks a drain for ever: one pod may go at a time, and a pod that is not healthy may
   * always go.
   */
  PodDisruptionBudget disruptionBudget() {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(owned(names.disruptionBudget()))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(names.selector())
        .endSelector()
        .endSpec()
        .build();
  }

  /**
   * The claim. It belongs to the store only when it should go with the store.
   *
   * @param size as the claim should ask for
   * @param hasData whether the store in it has served commands
   */
  PersistentVolumeClaim claim(
      String size,
      String storageClass,
      String accessMode,
      String storeId,
      boolean hasData,
      boolean ownedByStore) {
    var metadata =
        new ObjectMetaBuilder(claimTemplate(storeId))
            .withName(names.claim())
            .withNamespace(names.namespace());
    if (hasData) {
      metadata.addToAnnotations(StoreAnnotations.HAS_DATA, "true");
    }
    if (ownedByStore) {
      metadata.withOwnerReferences(owner());
    }
    return new PersistentVolumeClaimBuilder(claim(metadata.build(), size, storageClass, accessMode))
        .build();
  }

  private static PersistentVolumeClaim claim(
      ObjectMeta metadata, String size, String storageClass, String accessMode) {
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withAccessModes(accessMode)
        .withStorageClassName(storageClass)
        .withNewResources()
        .addToRequests("storage", new io.fabric8.kubernetes.api.model.Quantity(size))
        .endResources()
        .endSpec()
        .build();
  }

  /**
   * What a claim made by the set itself would carry: the same identity, so that its emptiness is
   * seen as a loss.
   */
  private ObjectMeta claimTemplate(String storeId) {
    return new ObjectMetaBuilder()
        .withLabels(names.labels())
        .withAnnotations(
            new TreeMap<>(
                Map.of(StoreAnnotations.STORE_ID, storeId, StoreAnnotations.STORE, names.store())))
        .build();
  }

  /**
   * The set.
   *
   * @param claimSize in the claim template, which can never change; claims are made and grown by
   *     the operator
   */
  StatefulSet statefulSet(
      int replicas,
      PodTemplateSpec template,
      String claimSize,
      String storageClass,
      String accessMode,
      String storeId,
      Map<String, String> annotations) {
    return new StatefulSetBuilder()
        .withMetadata(
            new ObjectMetaBuilder(owned(names.statefulSet())).withAnnotations(annotations).build())
        .withNewSpec()
        .withReplicas(replicas)
        .withServiceName(names.headlessService())
        .withPodManagementPolicy("Parallel")
        .withRevisionHistoryLimit(3)
        .withNewUpdateStrategy()
        .withType("OnDelete")
        .endUpdateStrategy()
        .withNewSelector()
        .withMatchLabels(names.selector())
        .endSelector()
        .withTemplate(template)
        .withVolumeClaimTemplates(
            claim(
                new ObjectMetaBuilder(claimTemplate(storeId)).withName("data").build(),
                claimSize,
                storageClass,
                accessMode))
        .endSpec()
        .build();
  }

  private ObjectMeta owned(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(names.namespace())
        .withLabels(names.labels())
        .withOwnerReferences(owner())
        .build();
  }

  private OwnerReference owner() {
    return new OwnerReferenceBuilder()
        .withApiVersion(store.getApiVersion())
        .withKind(store.getKind())
        .withName(store.getMetadata().getName())
        .withUid(store.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /** Writes the hash of an object on it, by which a later look sees that a field was dropped. */
  static <T extends HasMetadata> T sealed(T object) {
    var hash = RedisConf.sha256(Json.canonical(object).toString()).substring(0, 16);
    Map<String, String> annotations = new HashMap<>();
    if (object.getMetadata().getAnnotations() != null) {
      annotations.putAll(object.getMetadata().getAnnotations());
    }
    annotations.put(StoreAnnotations.APPLIED, hash);
    object.getMetadata().setAnnotations(annotations);
    return object;
  }

  /** Whether an object that was seen is what a sealed one asks for. */
  static boolean matches(HasMetadata seen, HasMetadata sealed) {
    return difference(seen, sealed).isEmpty();
  }

  /** The first field of an object that was seen that is not what a sealed one asks for. */
  static Optional<String> difference(HasMetadata seen, HasMetadata sealed) {
    return Json.difference(Json.canonical(seen), Json.canonical(sealed));
  }

  /** Whether an object was last written for the same wish as a sealed one. */
  static boolean sameWish(HasMetadata seen, HasMetadata sealed) {
    return wish(seen).equals(wish(sealed));
  }

  private static Optional<String> wish(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(StoreAnnotations.APPLIED));
  }
}
