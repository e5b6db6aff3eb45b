package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;

/** Defaults of persistent volumes. */
final class VolumeRules implements Rules {
  @Override
  public void fillIn(ObjectNode volume) {
    ObjectNode spec = Json.ensure(volume, "spec");
    Json.putIfMissing(spec, "persistentVolumeReclaimPolicy", "Retain");
    Json.putIfMissing(spec, "volumeMode", "Filesystem");
  }

  @Override
  public void onCreate(ObjectNode volume) {
    Json.ensure(volume, "status").put("phase", "Pending");
  }
}
