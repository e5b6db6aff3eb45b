package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.CrdSchema;
import dev.holdfast.operator.sandbox.schema.Problem;
import dev.holdfast.operator.sandbox.schema.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Custom resource definitions: names, established at once, their CEL rules compile. */
final class DefinitionRules implements Rules {
  static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  @Override
  public void fillIn(ObjectNode definition) {
    ObjectNode spec = Json.ensure(definition, "spec");
    ObjectNode names = Json.ensure(spec, "names");
    String kind = Json.text(names, "kind");
    Json.putIfMissing(names, "singular", kind.toLowerCase(Locale.ROOT));
    Json.putIfMissing(names, "listKind", kind + "List");
    Json.ensure(spec, "conversion").put("strategy", "None");
  }

  @Override
  public void onCreate(ObjectNode definition) {
    Json.ensure(definition, "metadata").withArray("finalizers").add(CLEANUP);
    String now = Json.text(definition, "metadata", "creationTimestamp");
    ObjectNode status = Json.ensure(definition, "status");
    ArrayNode conditions = status.putArray("conditions");
    condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found", now);
    condition(
        conditions,
        "Established",
        "InitialNamesAccepted",
        "the initial names have been accepted",
        now);
    status.set("acceptedNames", definition.path("spec").path("names"));
    ArrayNode stored = status.putArray("storedVersions");
    for (JsonNode version : definition.path("spec").path("versions")) {
      if (version.path("storage").asBoolean()) {
        stored.add(Json.text(version, "name"));
      }
    }
  }

  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    List<Problem> problems = new ArrayList<>();
    JsonNode spec = after.path("spec");
    String expected = Json.text(spec, "names", "plural") + "." + Json.text(spec, "group");
    if (!Json.name(after).equals(expected)) {
      problems.add(
          Problem.invalid(
              "metadata.name",
              TextNode.valueOf(Json.name(after)),
              "must be spec.names.plural+\".\"+spec.group"));
    }
    int i = 0;
    for (JsonNode version : spec.path("versions")) {
      JsonNode openApi = version.path("schema").path("openAPIV3Schema");
      String path = "spec.versions[" + i++ + "].schema.openAPIV3Schema";
      if (openApi instanceof ObjectNode object) {
        if (before == null || !before.path("spec").equals(spec)) {
          problems.addAll(Validation.rulesOf(CrdSchema.of(object), path));
        }
      } else {
        problems.add(Problem.required(path));
      }
    }
    return problems;
  }

  private static void condition(
      ArrayNode conditions, String type, String reason, String message, String now) {
    conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", message)
        .put("lastTransitionTime", now);
  }
}
