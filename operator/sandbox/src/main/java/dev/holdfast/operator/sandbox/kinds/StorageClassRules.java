package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;

/** Defaults of storage classes. */
final class StorageClassRules implements Rules {
  @Override
  public void fillIn(ObjectNode storageClass) {
    Json.putIfMissing(storageClass, "reclaimPolicy", "Delete");
    Json.putIfMissing(storageClass, "volumeBindingMode", "Immediate");
  }
}
