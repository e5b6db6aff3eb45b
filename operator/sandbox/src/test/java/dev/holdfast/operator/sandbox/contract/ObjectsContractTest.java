package dev.holdfast.operator.sandbox.contract;

import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.configMap;
import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.labelled;
import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.statefulSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Creating, changing and deleting objects. */
class ObjectsContractTest {
  @RegisterExtension static final ClusterUnderTest cluster = new ClusterUnderTest();

  private final Api api = cluster.api();

  @Test
  void aNewObjectGetsAnIdentityATimeAndAVersion() {
    Api.Answer made = api.post(cluster.configMaps(), configMap("new", "{}"));
    assertThat(made.status()).isEqualTo(201);
    JsonNode metadata = made.body().path("metadata");
    assertThat(metadata.path("uid").asText()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}");
    assertThat(metadata.path("creationTimestamp").asText()).endsWith("Z");
    assertThat(metadata.path("resourceVersion").asText()).matches("[0-9]+");
    assertThat(metadata.path("namespace").asText()).isEqualTo(cluster.namespace());
  }

  @Test
  void aNameIsTakenOnce() {
    api.post(cluster.configMaps(), configMap("taken", "{}"));
    Api.Answer again = api.post(cluster.configMaps(), configMap("taken", "{}"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.body().path("reason").asText()).isEqualTo("AlreadyExists");
    assertThat(again.message()).isEqualTo("configmaps \"taken\" already exists");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    Api.Answer answer = api.get(cluster.configMaps() + "/nobody");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().path("kind").asText()).isEqualTo("Status");
    assertThat(answer.message()).isEqualTo("configmaps \"nobody\" not found");
    assertThat(answer.body().path("details").path("kind").asText()).isEqualTo("configmaps");
  }

  @Test
  void aNamespaceHasToBeThereFirst() {
    Api.Answer answer = api.post("/api/v1/namespaces/nowhere/configmaps", configMap("lost", "{}"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("namespaces \"nowhere\" not found");
  }

  @Test
  void aBadNameIsRefused() {
    Api.Answer answer = api.post(cluster.configMaps(), configMap("Not_Good", "{}"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).contains("metadata.name: Invalid value: \"Not_Good\"");
  }

  @Test
  void aGeneratedNameBeginsAsAsked() {
    Api.Answer made =
        api.post(
            cluster.configMaps(),
            """
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "some-"}}""");
    assertThat(made.body().path("metadata").path("name").asText()).matches("some-[a-z0-9]{5}");
  }

  @Test
  void anUpdateOfAnOldVersionIsAConflict() {
    ObjectNode old = api.post(cluster.configMaps(), configMap("raced", "{}")).object();
    api.patch(cluster.configMaps() + "/raced", Api.MERGE, "{\"data\": {\"a\": \"1\"}}");
    Api.Answer late = api.put(cluster.configMaps() + "/raced", old);
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.body().path("reason").asText()).isEqualTo("Conflict");
    assertThat(late.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"raced\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
  }

  @Test
  void anUpdateThatChangesNothingKeepsTheVersion() {
    Api.Answer made = api.post(cluster.configMaps(), configMap("still", "{\"a\": \"1\"}"));
    Api.Answer again = api.put(cluster.configMaps() + "/still", made.body());
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.version()).isEqualTo(made.version());
  }

  @Test
  void aDryRunStoresNothing() {
    Api.Answer answer = api.post(cluster.configMaps() + "?dryRun=All", configMap("imagined", "{}"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(api.get(cluster.configMaps() + "/imagined").status()).isEqualTo(404);
    api.post(cluster.configMaps(), configMap("kept", "{}"));
    api.patch(cluster.configMaps() + "/kept?dryRun=All", Api.MERGE, "{\"data\": {\"a\": \"1\"}}");
    assertThat(api.delete(cluster.configMaps() + "/kept?dryRun=All").status()).isEqualTo(200);
    assertThat(api.get(cluster.configMaps() + "/kept").body().has("data")).isFalse();
  }

  @Test
  void anUnknownFieldIsAnErrorWhenStrictAndAWarningOtherwise() {
    String body =
        """
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "odd"}, "dta": {}}""";
    Api.Answer strict = api.post(cluster.configMaps() + "?fieldValidation=Strict", body);
    assertThat(strict.status()).isEqualTo(400);
    assertThat(strict.message()).contains("unknown field \"dta\"");
    Api.Answer warned = api.post(cluster.configMaps() + "?fieldValidation=Warn", body);
    assertThat(warned.status()).isEqualTo(201);
    assertThat(warned.warnings()).anyMatch(text -> text.contains("unknown field"));
    assertThat(warned.body().has("dta")).isFalse();
  }

  @Test
  void aMergePatchRemovesWithNull() {
    api.post(cluster.configMaps(), configMap("merged", "{\"a\": \"1\", \"b\": \"2\"}"));
    Api.Answer answer =
        api.patch(
            cluster.configMaps() + "/merged", Api.MERGE, "{\"data\": {\"a\": null, \"c\": \"3\"}}");
    assertThat(answer.body().path("data")).isEqualTo(Api.json("{\"b\": \"2\", \"c\": \"3\"}"));
  }

  @Test
  void aJsonPatchTestsBeforeItChanges() {
    api.post(cluster.configMaps(), configMap("tested", "{\"a\": \"1\"}"));
    String path = cluster.configMaps() + "/tested";
    Api.Answer failed =
        api.patch(
            path,
            Api.JSON_PATCH,
            """
            [{"op": "test", "path": "/data/a", "value": "2"},
             {"op": "replace", "path": "/data/a", "value": "3"}]""");
    assertThat(failed.status()).isEqualTo(422);
    Api.Answer done =
        api.patch(
            path,
            Api.JSON_PATCH,
            """
            [{"op": "test", "path": "/data/a", "value": "1"},
             {"op": "replace", "path": "/data/a", "value": "3"}]""");
    assertThat(done.body().path("data").path("a").asText()).isEqualTo("3");
  }

  @Test
  void aStrategicPatchMergesListsByTheirKeys() {
    api.post(
        cluster.statefulSets(),
        statefulSet(
            "strategic",
            """
            {"name": "c", "image": "i:1", "env": [{"name": "A", "value": "1"}]}"""));
    Api.Answer patched =
        api.patch(
            cluster.statefulSets() + "/strategic",
            Api.STRATEGIC,
            """
            {"spec": {"template": {"spec": {"containers": [
              {"name": "c", "env": [{"name": "B", "value": "2"}]}]}}}}""");
    JsonNode container =
        patched.body().path("spec").path("template").path("spec").path("containers").path(0);
    assertThat(container.path("image").asText()).isEqualTo("i:1");
    assertThat(container.path("env").findValuesAsText("name")).containsExactlyInAnyOrder("A", "B");
  }

  @Test
  void aFinalizerHoldsAnObjectUntilItIsTakenOff() {
    String path = cluster.configMaps() + "/held";
    api.post(cluster.configMaps(), configMap("held", "{}"));
    api.patch(path, Api.MERGE, "{\"metadata\": {\"finalizers\": [\"holdfast.dev/test\"]}}");
    assertThat(api.delete(path).status()).isEqualTo(200);
    JsonNode held = api.get(path).body();
    assertThat(held.path("metadata").has("deletionTimestamp")).isTrue();
    api.patch(path, Api.MERGE, "{\"metadata\": {\"finalizers\": []}}");
    assertThat(api.get(path).status()).isEqualTo(404);
  }

  @Test
  void aDeletionCanBeForOneIdentityOnly() {
    api.post(cluster.configMaps(), configMap("exact", "{}"));
    Api.Answer answer =
        api.delete(
            cluster.configMaps() + "/exact",
            """
            {"kind": "DeleteOptions", "apiVersion": "v1",
             "preconditions": {"uid": "00000000-0000-4000-8000-000000000000"}}""");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.message())
        .startsWith(
            "Operation cannot be fulfilled on ConfigMap \"exact\": the UID in the precondition")
        .contains("does not match the UID in record");
    assertThat(api.get(cluster.configMaps() + "/exact").status()).isEqualTo(200);
  }

  @Test
  void aCollectionIsDeletedBySelector() {
    api.post(cluster.configMaps(), labelled("many-1", "{\"go\": \"yes\"}"));
    api.post(cluster.configMaps(), labelled("many-2", "{\"go\": \"no\"}"));
    assertThat(api.delete(cluster.configMaps() + "?labelSelector=go%3Dyes").status())
        .isEqualTo(200);
    assertThat(api.get(cluster.configMaps() + "/many-1").status()).isEqualTo(404);
    assertThat(api.get(cluster.configMaps() + "/many-2").status()).isEqualTo(200);
  }

  @Test
  void aSecretsTextBecomesData() {
    Api.Answer made =
        api.post(
            "/api/v1/namespaces/" + cluster.namespace() + "/secrets",
            """
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
             "stringData": {"password": "hush"}}""");
    assertThat(made.body().path("type").asText()).isEqualTo("Opaque");
    assertThat(made.body().path("data").path("password").asText()).isEqualTo("aHVzaA==");
    assertThat(made.body().has("stringData")).isFalse();
  }

  @Test
  void anImmutableConfigMapStays() {
    String path = cluster.configMaps() + "/stone";
    api.post(cluster.configMaps(), configMap("stone", "{\"a\": \"1\"}"));
    api.patch(path, Api.MERGE, "{\"immutable\": true}");
    Api.Answer answer = api.patch(path, Api.MERGE, "{\"data\": {\"a\": \"2\"}}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).contains("field is immutable when `immutable` is set");
  }

  @Test
  void aServiceGetsAnAddressThatStays() {
    String services = "/api/v1/namespaces/" + cluster.namespace() + "/services";
    Api.Answer made =
        api.post(
            services,
            """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "svc"},
             "spec": {"selector": {"app": "x"}, "ports": [{"port": 6379}]}}""");
    JsonNode spec = made.body().path("spec");
    assertThat(spec.path("clusterIP").asText()).matches("[0-9.]+");
    assertThat(spec.path("type").asText()).isEqualTo("ClusterIP");
    assertThat(spec.path("ports").path(0).path("protocol").asText()).isEqualTo("TCP");
    assertThat(spec.path("ports").path(0).path("targetPort").asInt()).isEqualTo(6379);
    ObjectNode moved = made.object().deepCopy();
    moved.withObject("/spec").put("clusterIP", "10.96.0.77");
    moved.withObject("/spec").putArray("clusterIPs").add("10.96.0.77");
    Api.Answer refused = api.put(services + "/svc", moved);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.message()).contains("may not change once set");
  }

  @Test
  void aStatefulSetHasDefaultsAndFieldsThatCannotChange() {
    Api.Answer made =
        api.post(
            cluster.statefulSets(), statefulSet("fixed", "{\"name\": \"c\", \"image\": \"i:1\"}"));
    JsonNode spec = made.body().path("spec");
    assertThat(spec.path("podManagementPolicy").asText()).isEqualTo("OrderedReady");
    assertThat(spec.path("updateStrategy").path("type").asText()).isEqualTo("RollingUpdate");
    JsonNode pod = spec.path("template").path("spec");
    assertThat(pod.path("restartPolicy").asText()).isEqualTo("Always");
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(pod.path("containers").path(0).path("imagePullPolicy").asText())
        .isEqualTo("IfNotPresent");
    String path = cluster.statefulSets() + "/fixed";
    Api.Answer refused = api.patch(path, Api.MERGE, "{\"spec\": {\"serviceName\": \"other\"}}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.message())
        .contains("updates to statefulset spec for fields other than 'replicas'")
        .contains("are forbidden");
  }

  @Test
  void generationCountsChangesOfTheSpecOnly() {
    api.post(
        cluster.statefulSets(), statefulSet("counted", "{\"name\": \"c\", \"image\": \"i:1\"}"));
    String path = cluster.statefulSets() + "/counted";
    api.patch(path, Api.MERGE, "{\"metadata\": {\"labels\": {\"x\": \"y\"}}}");
    assertThat(api.get(path).body().path("metadata").path("generation").asInt()).isEqualTo(1);
    api.patch(path, Api.MERGE, "{\"spec\": {\"minReadySeconds\": 3}}");
    assertThat(api.get(path).body().path("metadata").path("generation").asInt()).isEqualTo(2);
  }

  @Test
  void aClaimsSizeDoesNotShrink() {
    String claims = "/api/v1/namespaces/" + cluster.namespace() + "/persistentvolumeclaims";
    Api.Answer made =
        api.post(
            claims,
            """
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
             "spec": {"accessModes": ["ReadWriteOncePod"],
               "resources": {"requests": {"storage": "1Gi"}}}}""");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body().path("spec").path("volumeMode").asText()).isEqualTo("Filesystem");
    assertThat(made.body().path("metadata").path("finalizers").toString())
        .contains("kubernetes.io/pvc-protection");
    Api.Answer refused =
        api.patch(
            claims + "/data",
            Api.MERGE,
            "{\"spec\": {\"resources\": {\"requests\": {\"storage\": \"1Mi\"}}}}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.message()).contains("PersistentVolumeClaim \"data\" is invalid");
  }
}
