package dev.holdfast.operator.e2e;

import dev.holdfast.operator.e2e.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * A {@code PersistentStore} as its user sees it: applied as YAML, looked at through status, spoken
 * to by a Redis client.
 */
public final class Store {
  private static final String API = "holdfast.dev/v1alpha1";
  private static final String KIND = "PersistentStore";
  private static final Duration POLL = Duration.ofMillis(50);

  private final TestCluster cluster;
  private final String namespace;
  private final String name;

  public Store(TestCluster cluster, String namespace, String name) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
  }

  public String name() {
    return name;
  }

  public String podName() {
    return name + "-0";
  }

  public String claimName() {
    return "data-" + name + "-0";
  }

  /** Applies a manifest on the server's side, as {@code kubectl apply --server-side} does. */
  public Store apply(String yaml) {
    var resource =
        cluster
            .client()
            .getKubernetesSerialization()
            .unmarshal(yaml, GenericKubernetesResource.class);
    resource.getMetadata().setNamespace(namespace);
    cluster
        .client()
        .genericKubernetesResources(API, KIND)
        .inNamespace(namespace)
        .resource(resource)
        .fieldManager("e2e")
        .forceConflicts()
        .serverSideApply();
    return this;
  }

  /** A JSON merge patch, as {@code kubectl patch --type=merge} sends it. */
  public void patch(String json) {
    cluster
        .client()
        .genericKubernetesResources(API, KIND)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  public void annotate(String key, String value) {
    patch(
        "{\"metadata\":{\"annotations\":{\"%s\":%s}}}"
            .formatted(key, value == null ? "null" : "\"" + value + "\""));
  }

  public void delete() {
    cluster
        .client()
        .genericKubernetesResources(API, KIND)
        .inNamespace(namespace)
        .withName(name)
        .delete();
  }

  public GenericKubernetesResource resource() {
    return cluster
        .client()
        .genericKubernetesResources(API, KIND)
        .inNamespace(namespace)
        .withName(name)
        .get();
  }

  /** What stands in status at a path such as {@code aof, lastCheck, verdict}, or null. */
  public Object status(String... path) {
    Object at =
        Objects.requireNonNull(resource(), "the store is gone")
            .getAdditionalProperties()
            .get("status");
    for (var step : path) {
      if (!(at instanceof Map<?, ?> map)) {
        return null;
      }
      at = map.get(step);
    }
    return at;
  }

  /**
   * A condition as a map with {@code status}, {@code reason} and {@code message}; empty when it is
   * not there.
   */
  public Map<?, ?> condition(String type) {
    if (status("conditions") instanceof List<?> conditions) {
      for (var condition : conditions) {
        if (condition instanceof Map<?, ?> map && type.equals(map.get("type"))) {
          return map;
        }
      }
    }
    return Map.of();
  }

  public boolean is(String condition) {
    return "True".equals(condition(condition).get("status"));
  }

  /** True when the condition holds and speaks of the newest generation. */
  public boolean isNow(String condition) {
    var observed = status("observedGeneration");
    var generation = resource().getMetadata().getGeneration();
    return observed instanceof Number number && number.longValue() == generation && is(condition);
  }

  public void awaitReady(Duration limit) {
    await("Ready", limit, () -> isNow("Ready"));
  }

  /** Waits for something and, when it does not come, fails with the store's whole status. */
  public void await(String what, Duration limit, java.util.concurrent.Callable<Boolean> condition) {
    try {
      Awaitility.await(what).ignoreExceptions().atMost(limit).pollInterval(POLL).until(condition);
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          "%s/%s: expected %s within %s; status: %s; pod: %s; events: %s"
              .formatted(namespace, name, what, limit, describe(), podStatus(), eventLines()),
          e);
    }
  }

  public void awaitAsserted(String what, Duration limit, ThrowingRunnable assertion) {
    Awaitility.await(what).atMost(limit).pollInterval(POLL).untilAsserted(assertion);
  }

  private Object describe() {
    var resource = resource();
    return resource == null ? "gone" : resource.getAdditionalProperties().get("status");
  }

  private Object podStatus() {
    var pod = pod();
    return pod == null ? "none" : pod.getStatus();
  }

  public Pod pod() {
    return cluster.client().pods().inNamespace(namespace).withName(podName()).get();
  }

  public List<Event> events() {
    return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> name.equals(event.getInvolvedObject().getName()))
        .toList();
  }

  /** What was told of the store, and by whom. */
  public List<String> eventLines() {
    return events().stream()
        .map(
            event ->
                event.getReason()
                    + ": "
                    + event.getMessage()
                    + " ("
                    + event.getReportingInstance()
                    + ")")
        .toList();
  }

  public boolean hasEvent(String reason) {
    return events().stream().anyMatch(event -> reason.equals(event.getReason()));
  }

  public String password() {
    Secret secret =
        cluster.client().secrets().inNamespace(namespace).withName(name + "-auth").get();
    return new String(
        Base64.getDecoder().decode(secret.getData().get("password")), StandardCharsets.UTF_8);
  }

  /** A connection to the store's server, authenticated. */
  public Jedis connect() {
    var address = cluster.reach(namespace, podName(), 6379);
    return new Jedis(
        new HostAndPort(address.getHostString(), address.getPort()),
        DefaultJedisClientConfig.builder().password(password()).timeoutMillis(20_000).build());
  }
}
