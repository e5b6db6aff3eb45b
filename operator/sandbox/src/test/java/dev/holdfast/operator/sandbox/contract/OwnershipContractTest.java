package dev.holdfast.operator.sandbox.contract;

import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.configMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to dependents when their owner goes. */
class OwnershipContractTest {
  @RegisterExtension static final ClusterUnderTest cluster = new ClusterUnderTest();

  private final Api api = cluster.api();

  @Test
  void dependentsGoAfterTheirOwner() {
    own("owner-1", "child-1");
    api.delete(cluster.configMaps() + "/owner-1", options("Background"));
    assertThat(status("owner-1")).isEqualTo(404);
    awaitGone("child-1");
  }

  @Test
  void dependentsGoBeforeTheirOwnerInTheForeground() {
    own("owner-2", "child-2");
    api.patch(
        cluster.configMaps() + "/child-2",
        Api.MERGE,
        "{\"metadata\": {\"finalizers\": [\"holdfast.dev/test\"]}}");
    api.delete(cluster.configMaps() + "/owner-2", options("Foreground"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> metadata("child-2").has("deletionTimestamp"));
    assertThat(metadata("owner-2").path("finalizers").toString()).contains("foregroundDeletion");
    api.patch(cluster.configMaps() + "/child-2", Api.MERGE, "{\"metadata\": {\"finalizers\": []}}");
    awaitGone("child-2");
    awaitGone("owner-2");
  }

  @Test
  void orphansStayAndForgetTheirOwner() {
    own("owner-3", "child-3");
    api.delete(cluster.configMaps() + "/owner-3", options("Orphan"));
    awaitGone("owner-3");
    assertThat(metadata("child-3").path("ownerReferences").isEmpty()).isTrue();
  }

  @Test
  void aDependentOfNobodyGoes() {
    api.post(
        cluster.configMaps(), child("stray", "nobody", "00000000-0000-4000-8000-000000000001"));
    awaitGone("stray");
  }

  @Test
  void aNamespaceTakesEverythingInItAlong() {
    String name = cluster.namespace() + "-inner";
    api.post(
        "/api/v1/namespaces",
        "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\"}}"
            .formatted(name));
    String maps = "/api/v1/namespaces/" + name + "/configmaps";
    api.post(maps, configMap("inside", "{}"));
    api.delete("/api/v1/namespaces/" + name);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> api.get("/api/v1/namespaces/" + name).status() == 404);
    assertThat(api.get(maps + "/inside").status()).isEqualTo(404);
  }

  private void own(String owner, String child) {
    Api.Answer made = api.post(cluster.configMaps(), configMap(owner, "{}"));
    String uid = made.body().path("metadata").path("uid").asText();
    assertThat(api.post(cluster.configMaps(), child(child, owner, uid)).status()).isEqualTo(201);
  }

  private static String child(String name, String owner, String uid) {
    return """
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s", "ownerReferences": [
          {"apiVersion": "v1", "kind": "ConfigMap", "name": "%s", "uid": "%s",
           "controller": true, "blockOwnerDeletion": true}]}}"""
        .formatted(name, owner, uid);
  }

  private static String options(String propagation) {
    return """
        {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "%s"}"""
        .formatted(propagation);
  }

  private JsonNode metadata(String name) {
    return api.get(cluster.configMaps() + "/" + name).body().path("metadata");
  }

  private int status(String name) {
    return api.get(cluster.configMaps() + "/" + name).status();
  }

  private void awaitGone(String name) {
    await().atMost(Duration.ofSeconds(30)).until(() -> status(name) == 404);
  }
}
