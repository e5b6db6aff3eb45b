package dev.holdfast.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.e2e.cluster.TestCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deleted, created again, upgraded, and the operator's own troubles. */
class LifecycleTest extends Scenario {
  private static final String PERSISTENCE =
      "persistence: {appendonly: true, appendfsync: always}\n";

  /** All but the claim, with their API versions. */
  private static final Map<String, String> CHILDREN =
      Map.of(
          "Secret", "v1",
          "ConfigMap", "v1",
          "Service", "v1",
          "Pod", "v1",
          "StatefulSet", "apps/v1",
          "PodDisruptionBudget", "policy/v1");

  @Test
  void aStoreThatIsCreatedAgainAdoptsItsVolume() {
    var store = store("again");
    store.apply(sessions("again", PERSISTENCE)).awaitReady(START);
    var id = store.status("storeId");
    try (var client = store.connect()) {
      Keys.write(client, 0, 1_000);
    }
    store.delete();
    store.await("the pod is gone", START, () -> store.resource() == null && store.pod() == null);
    assertThat(
            cluster()
                .client()
                .persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(store.claimName())
                .get())
        .as("the claim is kept")
        .isNotNull();

    store.apply(sessions("again", PERSISTENCE)).awaitReady(START);
    assertThat(store.status("storeId")).isEqualTo(id);
    assertThat(store.hasEvent("VolumeAdopted")).isTrue();
    try (var client = store.connect()) {
      assertThat(Keys.lost(client, 0, 1_000)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Secret",
        "ConfigMap",
        "Service",
        "PodDisruptionBudget",
        "StatefulSet",
        "PersistentVolumeClaim",
        "Pod"
      })
  void aStoreDeletedWhileItStartsLeavesNothingButItsVolume(String seen) {
    var store = store("early");
    store.apply(sessions("early", PERSISTENCE));
    store.await(seen + " is there", START, () -> !children(seen).isEmpty());
    store.delete();
    store.await(
        "the store and its children are gone",
        START,
        () ->
            store.resource() == null
                && CHILDREN.keySet().stream().allMatch(kind -> children(kind).isEmpty()));
    var claim =
        cluster()
            .client()
            .persistentVolumeClaims()
            .inNamespace(namespace)
            .withName(store.claimName())
            .get();
    if (List.of("PersistentVolumeClaim", "Pod").contains(seen)) {
      assertThat(claim).as("the claim is kept").isNotNull();
      assertThat(claim.getMetadata().getDeletionTimestamp()).isNull();
      assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
      assertThat(claim.getMetadata().getAnnotations())
          .containsEntry("store.holdfast.dev/store", "early")
          .containsKey("store.holdfast.dev/store-id");
    }
  }

  /** The store's objects of a kind; a real cluster has others in each namespace. */
  private List<String> children(String kind) {
    var version = kind.equals("PersistentVolumeClaim") ? "v1" : CHILDREN.get(kind);
    return cluster()
        .client()
        .genericKubernetesResources(version, kind)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .map(item -> item.getMetadata().getName())
        .filter(name -> name.contains("early"))
        .toList();
  }

  @Test
  @Tag(REAL_CLUSTER)
  void aPodDeletedBeforeItsProgramHandlesSignalsGoesAtOnce() throws Exception {
    needs(TestCluster.Ability.HOLD_AT_START);
    var store = store("young");
    store.apply(sessions("young", PERSISTENCE));
    store.await("the pod is there", START, () -> store.pod() != null);
    try (var held = cluster().holdAtStart(namespace, "young-0")) {
      store.delete();
      store.await("the kubelet asks the program to end", SOON, () -> hasPodEvent("Killing"));
    }
    store.await("the pod is gone", SOON, () -> store.pod() == null);
  }

  private boolean hasPodEvent(String reason) {
    return cluster().client().v1().events().inNamespace(namespace).list().getItems().stream()
        .anyMatch(
            event ->
                event.getReason().equals(reason)
                    && event.getInvolvedObject().getKind().equals("Pod"));
  }

  @Test
  void anOperatorThatIsRestartedGoesOnWhereItWasAndRestartsNoStore() {
    var store = store("calm");
    store.apply(sessions("calm", PERSISTENCE));
    store.await(
        "the StatefulSet is there",
        START,
        () ->
            cluster().client().apps().statefulSets().inNamespace(namespace).withName("calm").get()
                != null);
    cluster().stopOperator();
    cluster().startOperator();
    store.awaitReady(START);
    var pod = store.pod().getMetadata().getUid();
    cluster().stopOperator();
    store.patch("{\"spec\":{\"persistence\":{\"aofTimestampEnabled\":false}}}");
    cluster().startOperator();
    store.await("the change is applied", START, () -> store.isNow("ConfigApplied"));
    try (var client = store.connect()) {
      assertThat(client.configGet("aof-timestamp-enabled"))
          .containsEntry("aof-timestamp-enabled", "no");
    }
    assertThat(store.pod().getMetadata().getUid()).isEqualTo(pod);
    assertThat(store.pod().getStatus().getContainerStatuses().getFirst().getRestartCount())
        .isZero();
  }
}
