package dev.holdfast.operator.sandbox.contract;

import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Custom resources: defaults, pruning, schema, CEL rules, status. */
class CustomResourceContractTest {
  @RegisterExtension static final ClusterUnderTest cluster = new ClusterUnderTest();

  private final Api api = cluster.api();

  @Test
  void defaultsAreFilledIn() {
    JsonNode spec = make("defaults", "{\"size\": \"1Gi\"}").body().path("spec");
    assertThat(spec.path("replicas").asInt()).isEqualTo(1);
    assertThat(spec.path("mode").asText()).isEqualTo("Automatic");
    assertThat(spec.path("nested").path("percent").asInt()).isEqualTo(80);
  }

  @Test
  void unknownFieldsArePrunedUnlessTheSchemaKeepsThem() {
    JsonNode spec =
        make("pruned", "{\"size\": \"1Gi\", \"odd\": 1, \"free\": {\"any\": {\"thing\": 1}}}")
            .body()
            .path("spec");
    assertThat(spec.has("odd")).isFalse();
    assertThat(spec.path("free").path("any").path("thing").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsRequiredIsNamed() {
    assertRefused(make("required", "{}"), "spec.size: Required value");
  }

  @Test
  void aWrongTypeIsNamed() {
    assertRefused(
        make("typed", "{\"size\": 3}"),
        "spec.size: Invalid value: \"integer\": spec.size in body must be of type string:"
            + " \"integer\"");
  }

  @Test
  void patternsEnumsAndRangesAreChecked() {
    assertRefused(
        make("pattern", "{\"size\": \"big\"}"),
        "spec.size: Invalid value: \"big\": spec.size in body should match"
            + " '^[0-9]+(Ki|Mi|Gi)$'");
    assertRefused(
        make("enum", "{\"size\": \"1Gi\", \"mode\": \"Odd\"}"),
        "spec.mode: Unsupported value: \"Odd\": supported values: \"Automatic\", \"Manual\"");
    assertRefused(
        make("range", "{\"size\": \"1Gi\", \"replicas\": 9}"),
        "spec.replicas: Invalid value: 9: spec.replicas in body should be less than or equal to 3");
    assertRefused(
        make("least", "{\"size\": \"1Gi\", \"replicas\": 0}"),
        "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to"
            + " 1");
    assertRefused(
        make(
            "many",
            "{\"size\": \"1Gi\", \"config\": {\"a\": \"\", \"b\": \"\", \"c\": \"\", \"d\": \"\"}}"),
        "spec.config: Too many: 4: must have at most 3 items");
    assertRefused(
        make("long", "{\"size\": \"1Gi\", \"fixed\": \"" + "x".repeat(31) + "\"}"),
        "spec.fixed: Too long: may not be more than 30 bytes");
  }

  @Test
  void severalProblemsAreListed() {
    Api.Answer answer = make("several", "{\"size\": \"big\", \"mode\": \"Odd\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message())
        .startsWith("Sample.test.holdfast.dev \"several\" is invalid: [")
        .contains("spec.size: Invalid value")
        .contains("spec.mode: Unsupported value")
        .contains("<nil>: Invalid value: null: some validation rules were not checked");
    assertThat(answer.body().path("details").path("causes").findValuesAsText("field"))
        .containsExactlyInAnyOrder("spec.size", "spec.mode", "<nil>");
  }

  @Test
  void aRuleCanForbid() {
    assertRefused(
        make("forbidden", "{\"size\": \"1Gi\", \"config\": {\"dir\": \"/x\"}}"),
        "spec: Forbidden: dir is not for you");
  }

  @Test
  void aRuleCanSayWhatItFound() {
    assertRefused(
        make("found", "{\"size\": \"1Gi\", \"config\": {\"Bad\": \"x\"}}"),
        "keys are lower case, found Bad");
  }

  @Test
  void aRuleComparesWithWhatWas() {
    make("growing", "{\"size\": \"1Gi\"}");
    String path = cluster.samples() + "/growing";
    assertThat(api.patch(path, Api.MERGE, "{\"spec\": {\"size\": \"2Gi\"}}").status())
        .isEqualTo(200);
    assertRefused(
        api.patch(path, Api.MERGE, "{\"spec\": {\"size\": \"1500Mi\"}}"),
        "spec.size: Invalid value: ");
    assertThat(api.get(path).body().path("spec").path("size").asText()).isEqualTo("2Gi");
  }

  @Test
  void aFieldCanBeFixed() {
    make("fixed", "{\"size\": \"1Gi\", \"fixed\": \"a\"}");
    String path = cluster.samples() + "/fixed";
    assertRefused(
        api.patch(path, Api.MERGE, "{\"spec\": {\"fixed\": \"b\"}}"),
        "spec.fixed: Invalid value: \"b\": fixed cannot change");
    assertThat(api.patch(path, Api.MERGE, "{\"spec\": {\"fixed\": null}}").status()).isEqualTo(200);
  }

  @Test
  void aRuleIsCheckedOnApplyToo() {
    Api.Answer answer =
        api.patch(
            cluster.samples() + "/applied?fieldManager=a",
            Api.APPLY,
            sample("applied", "{\"size\": \"big\"}"));
    assertThat(answer.status()).isEqualTo(422);
  }

  @Test
  void statusAndSpecAreWrittenApart() {
    Api.Answer made =
        api.post(
            cluster.samples(),
            """
            {"apiVersion": "test.holdfast.dev/v1", "kind": "Sample", "metadata": {"name": "split"},
             "spec": {"size": "1Gi"}, "status": {"observedGeneration": 7}}""");
    assertThat(made.body().has("status")).isFalse();
    String path = cluster.samples() + "/split";
    Api.Answer status =
        api.patch(
            path + "/status",
            Api.MERGE,
            "{\"spec\": {\"size\": \"2Gi\"}, \"status\": {\"observedGeneration\": 1}}");
    assertThat(status.body().path("spec").path("size").asText()).isEqualTo("1Gi");
    assertThat(status.body().path("metadata").path("generation").asInt()).isEqualTo(1);
    Api.Answer spec =
        api.patch(
            path,
            Api.MERGE,
            "{\"spec\": {\"size\": \"2Gi\"}, \"status\": {\"observedGeneration\": 9}}");
    assertThat(spec.body().path("status").path("observedGeneration").asInt()).isEqualTo(1);
    assertThat(spec.body().path("metadata").path("generation").asInt()).isEqualTo(2);
  }

  @Test
  void aMarkForDeletionCountsAsAGeneration() {
    make("marked", "{\"size\": \"1Gi\"}");
    String path = cluster.samples() + "/marked";
    api.patch(path, Api.MERGE, "{\"metadata\": {\"finalizers\": [\"holdfast.dev/test\"]}}");
    api.delete(path);
    assertThat(api.get(path).body().path("metadata").path("generation").asInt()).isEqualTo(2);
    api.patch(path, Api.MERGE, "{\"metadata\": {\"finalizers\": []}}");
  }

  @Test
  void aStrategicPatchIsNotForCustomResources() {
    make("plain", "{\"size\": \"1Gi\"}");
    Api.Answer answer =
        api.patch(cluster.samples() + "/plain", Api.STRATEGIC, "{\"spec\": {\"size\": \"2Gi\"}}");
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void aTableHasTheColumnsOfTheDefinition() {
    make("shown", "{\"size\": \"3Gi\"}");
    api.patch(
        cluster.samples() + "/shown/status",
        Api.MERGE,
        "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}");
    JsonNode table = api.table(cluster.samples() + "/shown").body();
    assertThat(table.path("kind").asText()).isEqualTo("Table");
    assertThat(table.path("columnDefinitions").findValuesAsText("name"))
        .containsExactly("Name", "Size", "Ready", "Age");
    JsonNode cells = table.path("rows").path(0).path("cells");
    assertThat(cells.path(0).asText()).isEqualTo("shown");
    assertThat(cells.path(1).asText()).isEqualTo("3Gi");
    assertThat(cells.path(2).asText()).isEqualTo("True");
  }

  @Test
  void aDefinitionWhoseRuleIsWrongIsRefused() {
    Api.Answer answer =
        api.post(
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            """
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
             "metadata": {"name": "wrongs.test.holdfast.dev"},
             "spec": {"group": "test.holdfast.dev", "scope": "Namespaced",
               "names": {"plural": "wrongs", "singular": "wrong", "kind": "Wrong"},
               "versions": [{"name": "v1", "served": true, "storage": true,
                 "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                   "spec": {"type": "object", "x-kubernetes-validations": [
                     {"rule": "this is (not CEL"}]}}}}}]}}""");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).contains("x-kubernetes-validations[0].rule");
  }

  private Api.Answer make(String name, String spec) {
    return api.post(cluster.samples(), sample(name, spec));
  }

  private static void assertRefused(Api.Answer answer, String problem) {
    assertThat(answer.status()).as(answer.message()).isEqualTo(422);
    assertThat(answer.body().path("reason").asText()).isEqualTo("Invalid");
    assertThat(answer.message()).contains(problem);
  }
}
