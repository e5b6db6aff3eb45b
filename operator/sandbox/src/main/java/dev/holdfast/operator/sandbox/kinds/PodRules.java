package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.ArrayList;
import java.util.List;

/** Pods: defaults, and a spec of which little can change. */
final class PodRules implements Rules {
  @Override
  public void fillIn(ObjectNode pod) {
    ObjectNode spec = Json.ensure(pod, "spec");
    PodTemplates.fillIn(spec);
    Json.putIfMissing(spec, "serviceAccountName", "default");
    Json.putIfMissing(spec, "serviceAccount", Json.text(spec, "serviceAccountName"));
    if (!spec.has("enableServiceLinks")) {
      spec.put("enableServiceLinks", true);
    }
  }

  @Override
  public void onCreate(ObjectNode pod) {
    ObjectNode status = Json.ensure(pod, "status");
    status.put("phase", "Pending");
    status.put("qosClass", "Burstable");
  }

  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    List<Problem> problems = new ArrayList<>(PodTemplates.validate(after.path("spec"), "spec"));
    if (before != null && !unchanging(before).equals(unchanging(after))) {
      problems.add(
          Problem.forbidden(
              "spec",
              "pod updates may not change fields other than `spec.containers[*].image`,"
                  + " `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`,"
                  + " `spec.tolerations` (only additions to existing tolerations),"
                  + " `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                  + " previously negative)"));
    }
    return problems;
  }

  private static ObjectNode unchanging(ObjectNode pod) {
    ObjectNode spec = Json.ensure(pod.deepCopy(), "spec");
    for (String list : List.of("containers", "initContainers")) {
      Json.objects(spec.path(list)).forEach(container -> container.remove("image"));
    }
    spec.remove(List.of("activeDeadlineSeconds", "tolerations", "nodeName"));
    return spec;
  }
}
