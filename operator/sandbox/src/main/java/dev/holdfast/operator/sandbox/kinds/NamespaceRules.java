package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;

/** A namespace is active at once, and goes only after what is in it. */
final class NamespaceRules implements Rules {
  @Override
  public void fillIn(ObjectNode namespace) {
    Json.ensure(namespace, "metadata", "labels")
        .put("kubernetes.io/metadata.name", Json.name(namespace));
  }

  @Override
  public void onCreate(ObjectNode namespace) {
    Json.ensure(namespace, "spec").putArray("finalizers").add("kubernetes");
    Json.ensure(namespace, "status").put("phase", "Active");
  }

  @Override
  public void onUpdate(ObjectNode before, ObjectNode after) {
    after.set("spec", before.path("spec").deepCopy());
  }
}
