package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import dev.holdfast.operator.sandbox.schema.Quantity;
import java.util.ArrayList;
import java.util.List;

/** Claims: the default class, protection while a pod uses it, and a size that only grows. */
final class ClaimRules implements Rules {
  static final String PROTECTION = "kubernetes.io/pvc-protection";

  @Override
  public void fillIn(ObjectNode claim) {
    Json.putIfMissing(Json.ensure(claim, "spec"), "volumeMode", "Filesystem");
  }

  @Override
  public void onCreate(ObjectNode claim) {
    Json.putIfMissing(Json.ensure(claim, "spec"), "storageClassName", "standard");
    Json.ensure(claim, "metadata").withArray("finalizers").add(PROTECTION);
    Json.ensure(claim, "status").put("phase", "Pending");
  }

  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    List<Problem> problems = new ArrayList<>();
    String path = "spec.resources.requests.storage";
    JsonNode size = Json.at(after, "spec", "resources", "requests", "storage");
    if (size.isMissingNode()) {
      problems.add(Problem.required("spec.resources[storage]"));
    } else if (!Quantity.isQuantity(size.asText())) {
      problems.add(Problem.invalid(path, size, "must be a quantity"));
    }
    if (after.path("spec").path("accessModes").isEmpty()) {
      problems.add(
          new Problem(
              "FieldValueRequired",
              "spec.accessModes",
              "Required value: at least 1 access mode is required"));
    }
    if (before == null || !problems.isEmpty()) {
      return problems;
    }
    if (!unchanging(before).equals(unchanging(after))) {
      problems.add(
          Problem.forbidden(
              "spec",
              "spec is immutable after creation except resources.requests and"
                  + " volumeAttributesClassName for bound claims"));
    }
    Quantity old = Quantity.parse(Json.text(before, "spec", "resources", "requests", "storage"));
    if (Quantity.parse(size.asText()).compareTo(old) < 0) {
      problems.add(Problem.forbidden(path, "field can not be less than status.capacity"));
    }
    return problems;
  }

  private static ObjectNode unchanging(ObjectNode claim) {
    ObjectNode spec = Json.ensure(claim.deepCopy(), "spec");
    spec.remove("resources");
    spec.remove("volumeName");
    return spec;
  }
}
