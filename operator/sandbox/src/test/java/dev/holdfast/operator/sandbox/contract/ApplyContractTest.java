package dev.holdfast.operator.sandbox.contract;

import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.configMap;
import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.sample;
import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.statefulSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Server-side apply: who owns which field, and what follows from it. */
class ApplyContractTest {
  @RegisterExtension static final ClusterUnderTest cluster = new ClusterUnderTest();

  private final Api api = cluster.api();

  @Test
  void anApplyMakesWhatIsNotThereAndOwnsWhatItStates() {
    Api.Answer made = apply("a", configMap("made", "{\"k\": \"v\"}"));
    assertThat(made.status()).isEqualTo(201);
    JsonNode entry = entry(made.body(), "a");
    assertThat(entry.path("operation").asText()).isEqualTo("Apply");
    assertThat(entry.path("apiVersion").asText()).isEqualTo("v1");
    assertThat(entry.path("fieldsType").asText()).isEqualTo("FieldsV1");
    assertThat(entry.path("fieldsV1")).isEqualTo(Api.json("{\"f:data\": {\"f:k\": {}}}"));
  }

  @Test
  void anApplyOfTheSameChangesNothing() {
    Api.Answer first = apply("a", configMap("same", "{\"k\": \"v\"}"));
    Api.Answer again = apply("a", configMap("same", "{\"k\": \"v\"}"));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.version()).isEqualTo(first.version());
  }

  @Test
  void whatIsNoLongerStatedIsTakenAway() {
    apply("a", configMap("shrinking", "{\"k\": \"v\", \"gone\": \"soon\"}"));
    Api.Answer less = apply("a", configMap("shrinking", "{\"k\": \"v\"}"));
    assertThat(less.body().path("data")).isEqualTo(Api.json("{\"k\": \"v\"}"));
  }

  @Test
  void whatSomebodyElseStatesTooStays() {
    apply("a", configMap("shared", "{\"k\": \"v\"}"));
    assertThat(apply("b", configMap("shared", "{\"k\": \"v\"}")).status()).isEqualTo(200);
    Api.Answer left = apply("a", configMap("shared", "{\"x\": \"y\"}"));
    assertThat(left.body().path("data")).isEqualTo(Api.json("{\"k\": \"v\", \"x\": \"y\"}"));
    assertThat(entry(left.body(), "a").path("fieldsV1"))
        .isEqualTo(Api.json("{\"f:data\": {\"f:x\": {}}}"));
  }

  @Test
  void anotherValueForSomebodysFieldIsAConflictThatNamesThem() {
    apply("owner", configMap("disputed", "{\"k\": \"v\"}"));
    Api.Answer refused = apply("other", configMap("disputed", "{\"k\": \"w\"}"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"owner\": .data.k");
    JsonNode cause = refused.body().path("details").path("causes").path(0);
    assertThat(cause.path("reason").asText()).isEqualTo("FieldManagerConflict");
    assertThat(cause.path("field").asText()).isEqualTo(".data.k");
  }

  @Test
  void conflictsWithSeveralAreListed() {
    apply("one", configMap("crowded", "{\"a\": \"1\", \"b\": \"1\"}"));
    apply("two", configMap("crowded", "{\"c\": \"1\"}"));
    Api.Answer refused =
        apply("three", configMap("crowded", "{\"a\": \"2\", \"b\": \"2\", \"c\": \"2\"}"));
    assertThat(refused.message())
        .isEqualTo(
            """
            Apply failed with 3 conflicts: conflicts with "one":
            - .data.a
            - .data.b
            conflicts with "two":
            - .data.c""");
  }

  @Test
  void forceTakesTheField() {
    apply("owner", configMap("forced", "{\"k\": \"v\", \"own\": \"1\"}"));
    Api.Answer taken =
        applyTo(cluster.configMaps(), "other&force=true", configMap("forced", "{\"k\": \"w\"}"));
    assertThat(taken.body().path("data").path("k").asText()).isEqualTo("w");
    assertThat(entry(taken.body(), "owner").path("fieldsV1"))
        .isEqualTo(Api.json("{\"f:data\": {\"f:own\": {}}}"));
    Api.Answer back = apply("owner", configMap("forced", "{\"own\": \"1\"}"));
    assertThat(back.body().path("data").path("k").asText()).isEqualTo("w");
  }

  @Test
  void aPlainUpdateTakesWhatItChangesAndConflictsNameItsTime() {
    apply("owner", configMap("updated", "{\"k\": \"v\"}"));
    String path = cluster.configMaps() + "/updated?fieldManager=editor";
    api.patch(path, Api.MERGE, "{\"data\": {\"k\": \"w\"}}");
    JsonNode object = api.get(cluster.configMaps() + "/updated").body();
    assertThat(entry(object, "editor").path("operation").asText()).isEqualTo("Update");
    assertThat(entry(object, "owner").isMissingNode()).isTrue();
    Api.Answer refused = apply("owner", configMap("updated", "{\"k\": \"v\"}"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.message())
        .matches(
            "Apply failed with 1 conflict: conflict with \"editor\" using v1( at .*)?: .data.k");
  }

  @Test
  void managersShareAListByItsKeys() {
    String first =
        statefulSet(
            "listed",
            """
            {"name": "c", "image": "i:1", "env": [{"name": "A", "value": "1"}],
             "ports": [{"containerPort": 6379}]}""");
    String second =
        """
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "listed"},
         "spec": {"template": {"spec": {"containers": [
           {"name": "c", "env": [{"name": "B", "value": "2"}]}]}}}}""";
    applyTo(cluster.statefulSets(), "a", first);
    Api.Answer both = applyTo(cluster.statefulSets(), "b", second);
    JsonNode container = container(both);
    assertThat(container.path("env").findValuesAsText("name")).containsExactlyInAnyOrder("A", "B");
    assertThat(entry(both.body(), "b").path("fieldsV1").toString())
        .contains("k:{\\\"name\\\":\\\"c\\\"}")
        .contains("k:{\\\"name\\\":\\\"B\\\"}")
        .doesNotContain("k:{\\\"name\\\":\\\"A\\\"}");
    assertThat(entry(both.body(), "a").path("fieldsV1").toString())
        .contains("k:{\\\"containerPort\\\":6379,\\\"protocol\\\":\\\"TCP\\\"}");
    Api.Answer without =
        applyTo(
            cluster.statefulSets(),
            "b",
            """
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "listed"}}""");
    assertThat(container(without).path("env").findValuesAsText("name")).containsExactly("A");
    assertThat(container(without).path("image").asText()).isEqualTo("i:1");
  }

  @Test
  void aConditionOfEachManagerStandsBesideTheOthers() {
    api.post(cluster.samples(), sample("conditions", "{\"size\": \"1Gi\"}"));
    status("a", "conditions", "[{\"type\": \"Ready\", \"status\": \"True\"}]");
    Api.Answer both = status("b", "conditions", "[{\"type\": \"Backup\", \"status\": \"False\"}]");
    assertThat(both.body().path("status").path("conditions").findValuesAsText("type"))
        .containsExactlyInAnyOrder("Ready", "Backup");
    Api.Answer less = status("a", "conditions", "[]");
    assertThat(less.body().path("status").path("conditions").findValuesAsText("type"))
        .containsExactly("Backup");
  }

  @Test
  void aStatusIsAppliedApartFromTheSpec() {
    api.post(cluster.samples(), sample("apart", "{\"size\": \"1Gi\"}"));
    Api.Answer answer =
        api.patch(
            cluster.samples() + "/apart/status?fieldManager=a",
            Api.APPLY,
            """
            {"apiVersion": "test.holdfast.dev/v1", "kind": "Sample",
             "metadata": {"name": "apart"},
             "spec": {"size": "2Gi"}, "status": {"observedGeneration": 1}}""");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("spec").path("size").asText()).isEqualTo("1Gi");
    assertThat(answer.body().path("status").path("observedGeneration").asInt()).isEqualTo(1);
    JsonNode entry = entry(answer.body(), "a");
    assertThat(entry.path("subresource").asText()).isEqualTo("status");
    assertThat(entry.path("fieldsV1"))
        .isEqualTo(Api.json("{\"f:status\": {\"f:observedGeneration\": {}}}"));
  }

  @Test
  void anApplyOfAnOldVersionIsAConflict() {
    ObjectNode made = api.post(cluster.configMaps(), configMap("aged", "{}")).object();
    api.patch(cluster.configMaps() + "/aged", Api.MERGE, "{\"data\": {\"x\": \"y\"}}");
    String version = made.path("metadata").path("resourceVersion").asText();
    Api.Answer refused =
        apply(
            "a",
            """
            {"apiVersion": "v1", "kind": "ConfigMap",
             "metadata": {"name": "aged", "resourceVersion": "%s"}, "data": {"k": "v"}}"""
                .formatted(version));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.message()).contains("the object has been modified");
  }

  @Test
  void anApplyNeedsAManagerAndNoManagedFields() {
    Api.Answer anonymous = api.patch(cluster.configMaps() + "/x", Api.APPLY, configMap("x", "{}"));
    assertThat(anonymous.status()).isIn(400, 422);
    assertThat(anonymous.message()).contains("fieldManager");
    Api.Answer answer =
        apply(
            "a",
            """
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x",
             "managedFields": [{"manager": "m", "operation": "Apply", "apiVersion": "v1",
               "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {}}}]}}""");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("metadata.managedFields must be nil");
  }

  private Api.Answer status(String manager, String name, String conditions) {
    return api.patch(
        cluster.samples() + "/" + name + "/status?fieldManager=" + manager,
        Api.APPLY,
        """
        {"apiVersion": "test.holdfast.dev/v1", "kind": "Sample", "metadata": {"name": "%s"},
         "status": {"conditions": %s}}"""
            .formatted(name, conditions));
  }

  private Api.Answer apply(String manager, String body) {
    return applyTo(cluster.configMaps(), manager, body);
  }

  private Api.Answer applyTo(String collection, String manager, String body) {
    String name = Api.json(body).path("metadata").path("name").asText();
    return api.patch(collection + "/" + name + "?fieldManager=" + manager, Api.APPLY, body);
  }

  private static JsonNode container(Api.Answer answer) {
    return answer.body().path("spec").path("template").path("spec").path("containers").path(0);
  }

  private static JsonNode entry(JsonNode object, String manager) {
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry.path("manager").asText().equals(manager)) {
        return entry;
      }
    }
    return object.path("nobody");
  }
}
