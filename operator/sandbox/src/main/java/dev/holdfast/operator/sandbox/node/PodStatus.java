package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Derives a pod's status from its containers. */
final class PodStatus {
  private PodStatus() {}

  /**
   * What the node knows of a pod.
   *
   * @param initialized whether all init containers ended well
   */
  record Facts(
      String address,
      String hostAddress,
      boolean initialized,
      List<ObjectNode> initContainers,
      List<ObjectNode> containers,
      String restartPolicy,
      String now) {}

  static void fill(ObjectNode status, Facts facts) {
    status.put("phase", phase(facts));
    if (!facts.address().isEmpty()) {
      status.put("podIP", facts.address());
      status.putArray("podIPs").addObject().put("ip", facts.address());
    }
    status.put("hostIP", facts.hostAddress());
    status.putArray("hostIPs").addObject().put("ip", facts.hostAddress());
    if (!status.has("startTime")) {
      status.put("startTime", facts.now());
    }
    if (!facts.initContainers().isEmpty()) {
      status.putArray("initContainerStatuses").addAll(facts.initContainers());
    }
    status.putArray("containerStatuses").addAll(facts.containers());
    List<String> unready = new ArrayList<>();
    for (ObjectNode container : facts.containers()) {
      if (!container.path("ready").asBoolean()) {
        unready.add(Json.text(container, "name"));
      }
    }
    boolean ready = facts.initialized() && unready.isEmpty();
    String why =
        "containers with unready status: ["
            + unready.stream().collect(Collectors.joining(" "))
            + "]";
    condition(status, facts, "PodReadyToStartContainers", !facts.address().isEmpty(), "", "");
    condition(
        status,
        facts,
        "Initialized",
        facts.initialized(),
        "ContainersNotInitialized",
        "containers with incomplete status");
    condition(status, facts, "ContainersReady", ready, "ContainersNotReady", why);
    condition(status, facts, "Ready", ready, "ContainersNotReady", why);
  }

  static void condition(
      ObjectNode status, Facts facts, String type, boolean holds, String reason, String message) {
    ArrayNode conditions =
        status.path("conditions") instanceof ArrayNode present
            ? present
            : status.putArray("conditions");
    ObjectNode condition = null;
    for (ObjectNode one : Json.objects(conditions)) {
      if (Json.text(one, "type").equals(type)) {
        condition = one;
      }
    }
    if (condition == null) {
      condition = conditions.addObject().put("type", type);
    }
    String value = holds ? "True" : "False";
    if (!Json.text(condition, "status").equals(value)) {
      condition.put("lastTransitionTime", facts.now());
    }
    condition.put("status", value);
    condition.remove(List.of("reason", "message"));
    if (!holds && !reason.isEmpty()) {
      condition.put("reason", reason).put("message", message);
    }
  }

  private static String phase(Facts facts) {
    if (!facts.initialized()) {
      return failedForGood(facts.initContainers(), facts.restartPolicy()) ? "Failed" : "Pending";
    }
    boolean allEnded = true;
    boolean allWell = true;
    boolean begun = false;
    for (ObjectNode container : facts.containers()) {
      JsonNode end = container.path("state").path("terminated");
      allEnded &= end.isObject();
      allWell &= end.isObject() && end.path("exitCode").asInt() == 0;
      begun |= container.has("containerID");
    }
    boolean mayEnd =
        facts.restartPolicy().equals("Never")
            || (facts.restartPolicy().equals("OnFailure") && allWell);
    if (allEnded && mayEnd) {
      return allWell ? "Succeeded" : "Failed";
    }
    return begun ? "Running" : "Pending";
  }

  private static boolean failedForGood(List<ObjectNode> containers, String policy) {
    return policy.equals("Never")
        && containers.stream()
            .anyMatch(
                container ->
                    container.path("state").path("terminated").path("exitCode").asInt(0) != 0);
  }
}
