package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.List;

/** Gives pods to the only node, unless something speaks against it. */
final class Scheduler {
  static final String NODE = "sandbox";
  private static final String BY = "default-scheduler";

  private final Cluster cluster;

  Scheduler(Cluster cluster) {
    this.cluster = cluster;
  }

  /** True when the pod has its node now. */
  boolean schedule(ObjectNode pod) {
    String obstacle = obstacle(pod);
    var facts =
        new PodStatus.Facts("", "", false, List.of(), List.of(), "", cluster.now().toString());
    if (!obstacle.isEmpty()) {
      String message = "0/1 nodes are available: " + obstacle;
      cluster.event(BY, pod, "Warning", "FailedScheduling", message);
      cluster.changeStatus(
          BY,
          "pods",
          pod,
          status ->
              PodStatus.condition(status, facts, "PodScheduled", false, "Unschedulable", message));
      return false;
    }
    cluster.change(
        BY,
        "pods",
        pod,
        latest -> {
          Json.ensure(latest, "spec").put("nodeName", NODE);
          return latest;
        });
    cluster.changeStatus(
        BY,
        "pods",
        pod,
        status -> PodStatus.condition(status, facts, "PodScheduled", true, "", ""));
    cluster.event(
        BY,
        pod,
        "Normal",
        "Scheduled",
        "Successfully assigned " + Json.namespace(pod) + "/" + Json.name(pod) + " to " + NODE);
    return true;
  }

  private String obstacle(ObjectNode pod) {
    ObjectNode node = cluster.find("nodes", "", NODE);
    for (var wanted : pod.path("spec").path("nodeSelector").properties()) {
      if (!Json.text(node, "metadata", "labels", wanted.getKey())
          .equals(wanted.getValue().asText())) {
        return "1 node(s) didn't match Pod's node affinity/selector.";
      }
    }
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      String name = Json.text(volume, "persistentVolumeClaim", "claimName");
      if (!name.isEmpty()) {
        ObjectNode claim = cluster.find("persistentvolumeclaims", Json.namespace(pod), name);
        if (claim == null) {
          return "persistentvolumeclaim \"" + name + "\" not found.";
        }
        boolean alone =
            Json.texts(claim.path("spec").path("accessModes")).contains("ReadWriteOncePod");
        if (alone && usedByAnother(pod, name)) {
          return "1 node has pod using PersistentVolumeClaim with the same name and"
              + " ReadWriteOncePod access mode.";
        }
      }
    }
    return "";
  }

  private boolean usedByAnother(ObjectNode pod, String claim) {
    for (ObjectNode other : cluster.list("pods", Json.namespace(pod))) {
      String phase = Json.text(other, "status", "phase");
      boolean runs =
          !Json.text(other, "spec", "nodeName").isEmpty()
              && !List.of("Succeeded", "Failed").contains(phase);
      if (runs && !Json.uid(other).equals(Json.uid(pod))) {
        for (JsonNode volume : other.path("spec").path("volumes")) {
          if (Json.text(volume, "persistentVolumeClaim", "claimName").equals(claim)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
