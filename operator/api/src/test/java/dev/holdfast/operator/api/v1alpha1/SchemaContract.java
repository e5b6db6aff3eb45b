package dev.holdfast.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an API server with {@code crds/} applied has to accept and to refuse, and in which words.
 * Each case is a spec, or a change from one spec to another; nothing is stored, except where a
 * change needs something to be changed. Runs on the sandbox and on real clusters alike.
 */
public final class SchemaContract {

  private static final String NAME = "schema-contract";
  private static final String SIZE = "storage: {size: 1Gi}";

  /**
   * One thing that somebody writes.
   *
   * @param name a sentence
   * @param before what is there already; empty for a new store
   * @param after what is written, with defaults for the store's name
   * @param storeName name of the store
   * @param refusal part of the refusal; empty when it is accepted
   */
  public record Case(
      String name,
      Optional<String> before,
      String after,
      String storeName,
      Optional<String> refusal) {
    @Override
    public String toString() {
      return name;
    }
  }

  private SchemaContract() {}

  private static Case accepted(String name, String spec) {
    return new Case(name, Optional.empty(), spec, NAME, Optional.empty());
  }

  private static Case refused(String name, String spec, String refusal) {
    return new Case(name, Optional.empty(), spec, NAME, Optional.of(refusal));
  }

  private static Case named(String name, String storeName, String refusal) {
    return new Case(name, Optional.empty(), SIZE, storeName, Optional.of(refusal));
  }

  private static Case changed(String name, String before, String after) {
    return new Case(name, Optional.of(before), after, NAME, Optional.empty());
  }

  private static Case changeRefused(String name, String before, String after, String refusal) {
    return new Case(name, Optional.of(before), after, NAME, Optional.of(refusal));
  }

  /** Every case. */
  public static List<Case> cases() {
    List<Case> cases = new ArrayList<>(storage());
    cases.addAll(noSizes());
    cases.addAll(sizesAndResources());
    cases.addAll(persistence());
    cases.addAll(config());
    cases.addAll(rest());
    return cases;
  }

  private static List<Case> storage() {
    return List.of(
        accepted("a size is enough", SIZE),
        refused("storage is needed", "{replicas: 1}", "spec.storage: Required value"),
        refused("a size is needed", "storage: {}", "spec.storage.size: Required value"),
        refused(
            "a size is a string, an integer is refused at once",
            "storage: {size: 1073741824}",
            "must be of type string"),
        refused("a size has room for a file system", "storage: {size: 1Mi}", "write at least 16Mi"),
        refused(
            "the access mode is one of two",
            "storage: {size: 1Gi, accessMode: ReadWriteMany}",
            "ReadWriteOncePod"),
        refused(
            "the reclaim policy is one of two",
            "storage: {size: 1Gi, reclaimPolicy: Recycle}",
            "Retain"),
        changed("storage grows", SIZE, "storage: {size: 2Gi}"),
        changed("the same size in another unit is no change", SIZE, "storage: {size: 1024Mi}"),
        changed(
            "what becomes of the claim may change",
            SIZE,
            "storage: {size: 1Gi, reclaimPolicy: Delete}"),
        changeRefused(
            "storage never shrinks", SIZE, "storage: {size: 512Mi}", "storage.size only grows"),
        changeRefused(
            "a storage class is not added later",
            SIZE,
            "storage: {size: 1Gi, storageClassName: fast}",
            "storageClassName cannot change"),
        changeRefused(
            "a storage class is not changed",
            "storage: {size: 1Gi, storageClassName: a}",
            "storage: {size: 1Gi, storageClassName: b}",
            "storageClassName cannot change"),
        changeRefused(
            "a storage class is not removed",
            "storage: {size: 1Gi, storageClassName: a}",
            SIZE,
            "storageClassName cannot change"),
        changeRefused(
            "the access mode is not changed",
            SIZE,
            "storage: {size: 1Gi, accessMode: ReadWriteOnce}",
            "accessMode cannot change"));
  }

  private static List<Case> noSizes() {
    List<Case> cases = new ArrayList<>();
    for (var size : List.of("1.5Gi", "1gb", "5 Gi", "-1Gi", "0", "")) {
      cases.add(noSize("storage.size", size, "storage: {size: '" + size + "'}"));
      cases.add(noSize("a limit", size, with("resources: {limits: {memory: '" + size + "'}}")));
      cases.add(noSize("a request", size, with("resources: {requests: {memory: '" + size + "'}}")));
      cases.add(
          noSize(
              "the minimum size",
              size,
              with("persistence: {autoAofRewriteMinSize: '" + size + "'}")));
      if (!size.equals("0")) {
        cases.add(noSize("a budget", size, with("recovery: {maxDataLoss: '" + size + "'}")));
      }
    }
    return cases;
  }

  private static Case noSize(String field, String size, String spec) {
    return refused(field + " is not '" + size + "'", spec, ": " + ByteSize.REFUSAL);
  }

  private static List<Case> sizesAndResources() {
    return List.of(
        accepted(
            "cpu may be a number or a string",
            with("resources: {requests: {cpu: 1}, limits: {cpu: 500m}}")),
        refused("cpu is an amount", with("resources: {requests: {cpu: much}}"), "should match"),
        refused(
            "memory is a string",
            with("resources: {limits: {memory: 1073741824}}"),
            "must be of type string"),
        refused(
            "a request is not above its limit",
            with("resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}"),
            "write a request that is not larger than the limit"),
        refused(
            "a limit leaves room for the server",
            with("resources: {limits: {memory: 128Mi}}"),
            "write at least 192Mi"),
        refused(
            "a repair's budget is bounded",
            with("recovery: {maxDataLoss: 2Gi}"),
            "write at most 1Gi"),
        accepted("a repair's budget may be nothing", with("recovery: {maxDataLoss: '0'}")),
        refused(
            "a budget is a string",
            with("recovery: {maxDataLoss: 4096}"),
            "must be of type string"),
        refused(
            "the recovery policy is one of three",
            with("recovery: {policy: Always}"),
            "TruncateTail"));
  }

  private static List<Case> persistence() {
    return List.of(
        accepted("appendfsync never", with("persistence: {appendfsync: never}")),
        refused(
            "appendfsync no, which YAML reads as false",
            with("persistence: {appendfsync: false}"),
            "supported values: \"always\", \"everysec\", \"never\""),
        refused(
            "appendfsync 'no' is called never",
            with("persistence: {appendfsync: 'no'}"),
            "supported values: \"always\", \"everysec\", \"never\""),
        refused(
            "a percentage is not negative",
            with("persistence: {autoAofRewritePercentage: -1}"),
            "greater than or equal to 0"),
        refused(
            "a percentage is bounded",
            with("persistence: {autoAofRewritePercentage: 10001}"),
            "less than or equal to 10000"),
        refused(
            "the minimum size is a string",
            with("persistence: {autoAofRewriteMinSize: 67108864}"),
            "must be of type string"),
        refused(
            "the safety net is not below what the operator does",
            with(
                "{persistence: {autoAofRewritePercentage: 500}, rewrite: {emergency: {growthPercent: 400}}}"),
            "rewrite.emergency.growthPercent is the safety net"),
        accepted(
            "both together may be higher",
            with(
                "{persistence: {autoAofRewritePercentage: 500}, rewrite: {emergency: {growthPercent: 600}}}")),
        refused(
            "the safety net is never switched off",
            with("rewrite: {emergency: {growthPercent: 0}}"),
            "greater than or equal to 50"));
  }

  private static List<Case> config() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        accepted(
            "further directives",
            with("config: {maxmemory: 1gb, maxmemory-policy: allkeys-lru, hz: '20'}")));
    cases.add(refused("a value is a string", with("config: {hz: 20}"), "must be of type string"));
    cases.add(
        refused(
            "a directive is lower case",
            with("config: {Maxmemory: 1gb}"),
            "write them in lower case"));
    cases.add(
        refused(
            "a directive is one word", with("config: {'hz 10': ''}"), "write them in lower case"));
    cases.add(
        refused(
            "a value is one line",
            with("config: {hz: \"10\\nsave 1 1\"}"),
            "write each value on one line"));
    cases.add(
        refused(
            "a value has no control characters",
            with("config: {hz: \"1\\t0\"}"),
            "write each value on one line"));
    cases.add(
        refused(
            "a value has no NUL",
            with("config: {hz: \"1\\x000\"}"),
            "write each value on one line"));
    ReservedDirectives.messages()
        .forEach(
            (directive, message) ->
                cases.add(
                    refused(
                        "config does not set " + directive,
                        with("config: {" + directive + ": x}"),
                        message)));
    return cases;
  }

  private static List<Case> rest() {
    return List.of(
        refused("more than one server", with("replicas: 2"), "write replicas: 1, or leave it out"),
        refused("no server", with("replicas: 0"), "write replicas: 1, or leave it out"),
        accepted("an image with a tag", with("image: registry.example:5000/store:1.0")),
        accepted("an image with a digest", with("image: store@sha256:" + "0".repeat(64))),
        refused(
            "an image without a tag",
            with("image: registry.example:5000/store"),
            "image must be pinned"),
        refused("the latest image", with("image: store:latest"), "image must be pinned"),
        accepted(
            "labels and annotations",
            with("pod: {labels: {team: shop}, annotations: {example.org/a: b}}")),
        refused(
            "labels of the operator",
            with("pod: {labels: {app.kubernetes.io/name: x}}"),
            "write a key of your own"),
        refused(
            "annotations of the operator",
            with("pod: {annotations: {store.holdfast.dev/grant: x}}"),
            "write a key of your own"),
        accepted(
            "where the pod runs",
            with(
                "pod: {nodeSelector: {disk: ssd}, tolerations: [{key: a, operator: Exists}], affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}}")),
        named("a name with a dot", "my.store", "metadata.name becomes a Service name"),
        named("a name that starts with a digit", "1store", "metadata.name becomes a Service name"),
        named("a name that is too long", "s".repeat(41), "at most 40 characters"));
  }

  private static String with(String further) {
    var parts = further.startsWith("{") ? further.substring(1, further.length() - 1) : further;
    return "{" + SIZE + ", " + parts + "}";
  }

  /** Checks one case in a namespace that is there. */
  public static void check(Case each, KubernetesClient client, String namespace) {
    var stores = client.genericKubernetesResources("holdfast.dev/v1alpha1", "PersistentStore");
    if (each.before().isPresent()) {
      stores.inNamespace(namespace).resource(store(each.storeName(), each.before().get())).create();
    }
    try {
      if (each.refusal().isPresent()) {
        assertThatThrownBy(() -> write(each, stores, namespace))
            .isInstanceOfSatisfying(
                KubernetesClientException.class,
                e -> {
                  assertThat(e.getCode()).as(e.getMessage()).isEqualTo(422);
                  assertThat(e.getStatus().getMessage()).contains(each.refusal().get());
                });
      } else {
        write(each, stores, namespace);
      }
    } finally {
      if (each.before().isPresent()) {
        stores.inNamespace(namespace).withName(each.storeName()).delete();
      }
    }
  }

  /** Tries again on a conflict: an operator that watches writes its status at the same time. */
  private static void write(
      Case each, MixedOperation<GenericKubernetesResource, ?, ?> stores, String namespace) {
    var resource = stores.inNamespace(namespace).resource(store(each.storeName(), each.after()));
    if (each.before().isEmpty()) {
      resource.dryRun().create();
      return;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        resource.dryRun().update();
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != 409 || attempt == 10) {
          throw e;
        }
      }
    }
  }

  /** What an API server adds to the smallest spec. */
  public static void checkDefaults(KubernetesClient client, String namespace) {
    var stores =
        client
            .genericKubernetesResources("holdfast.dev/v1alpha1", "PersistentStore")
            .inNamespace(namespace);
    var made = stores.resource(store(NAME, SIZE)).create();
    try {
      var spec =
          Serialization.jsonMapper().convertValue(made.get("spec"), PersistentStoreSpec.class);
      assertThat(spec.replicas()).isEqualTo(1);
      assertThat(spec.persistence())
          .isEqualTo(
              new PersistenceSpec(
                  true, PersistenceSpec.AppendFsync.EVERYSEC, 100, "64Mi", true, true, false));
      assertThat(spec.rewrite().emergency().growthPercent()).isEqualTo(400);
      assertThat(spec.recovery()).isEqualTo(new RecoverySpec(RecoverySpec.Policy.Automatic, "4Ki"));
      assertThat(spec.storage())
          .isEqualTo(
              new StorageSpec(
                  "1Gi",
                  null,
                  StorageSpec.AccessMode.ReadWriteOncePod,
                  StorageSpec.ReclaimPolicy.Retain));
      assertThat(spec.image())
          .as("the operator chooses the image, so that its upgrade restarts nothing")
          .isNull();
    } finally {
      stores.withName(NAME).delete();
    }
  }

  @SuppressWarnings("unchecked") // a YAML document with a key at its top is a map
  private static GenericKubernetesResource store(String name, String spec) {
    var store = new GenericKubernetesResource();
    store.setApiVersion("holdfast.dev/v1alpha1");
    store.setKind("PersistentStore");
    store.setMetadata(new ObjectMetaBuilder().withName(name).build());
    var flow = spec.startsWith("{") ? spec : "{" + spec + "}";
    Map<String, Object> properties = Serialization.unmarshal("spec: " + flow, Map.class);
    store.setAdditionalProperties(properties);
    return store;
  }
}
