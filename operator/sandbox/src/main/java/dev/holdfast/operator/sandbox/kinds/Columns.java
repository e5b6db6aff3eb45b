package dev.holdfast.operator.sandbox.kinds;

import static dev.holdfast.operator.sandbox.kinds.Builtins.orElse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.api.Ages;
import dev.holdfast.operator.sandbox.api.Column;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** What {@code kubectl get} shows of the built-in kinds. */
final class Columns {
  private static final Column AGE =
      Column.text("Age", o -> Ages.since(Json.text(o, "metadata", "creationTimestamp")));

  static final List<Column> AGE_ONLY = List.of(AGE);
  static final List<Column> CONFIG_MAP =
      List.of(Column.text("Data", o -> o.path("data").size() + o.path("binaryData").size()), AGE);
  static final List<Column> SECRET =
      List.of(
          Column.text("Type", o -> orElse(o, "Opaque", "type")),
          Column.text("Data", o -> o.path("data").size()),
          AGE);
  static final List<Column> NAMESPACE =
      List.of(Column.text("Status", o -> Json.text(o, "status", "phase")), AGE);
  static final List<Column> NODE =
      List.of(
          Column.text("Status", o -> "Ready"),
          Column.text("Roles", o -> "sandbox"),
          AGE,
          Column.text("Version", o -> Json.text(o, "status", "nodeInfo", "kubeletVersion")));
  static final List<Column> EVENT =
      List.of(
          Column.text("Last Seen", Columns::lastSeen),
          Column.text("Type", o -> Json.text(o, "type")),
          Column.text("Reason", o -> Json.text(o, "reason")),
          Column.text("Object", Columns::regarded),
          Column.text("Message", o -> Json.text(o, o.has("note") ? "note" : "message")));
  static final List<Column> LEASE =
      List.of(Column.text("Holder", o -> Json.text(o, "spec", "holderIdentity")), AGE);
  static final List<Column> ENDPOINT_SLICE =
      List.of(
          Column.text("AddressType", o -> Json.text(o, "addressType")),
          Column.text(
              "Endpoints",
              o -> {
                List<String> all = new ArrayList<>();
                o.path("endpoints").forEach(e -> all.addAll(Json.texts(e.path("addresses"))));
                return all.isEmpty() ? "<unset>" : String.join(",", all);
              }),
          AGE);
  static final List<Column> DEFINITION =
      List.of(Column.text("Created At", o -> Json.text(o, "metadata", "creationTimestamp")));
  static final List<Column> STORAGE_CLASS =
      List.of(
          Column.text("Provisioner", o -> Json.text(o, "provisioner")),
          Column.text("ReclaimPolicy", o -> orElse(o, "Delete", "reclaimPolicy")),
          Column.text("VolumeBindingMode", o -> orElse(o, "Immediate", "volumeBindingMode")),
          Column.text("AllowVolumeExpansion", o -> o.path("allowVolumeExpansion").asBoolean()),
          AGE);
  static final List<Column> BUDGET =
      List.of(
          Column.text("Min Available", o -> orElse(o, "N/A", "spec", "minAvailable")),
          Column.text("Max Unavailable", o -> orElse(o, "N/A", "spec", "maxUnavailable")),
          Column.text(
              "Allowed Disruptions", o -> o.path("status").path("disruptionsAllowed").asInt()),
          AGE);
  static final List<Column> STATEFUL_SET =
      List.of(
          Column.text(
              "Ready",
              o ->
                  o.path("status").path("readyReplicas").asInt()
                      + "/"
                      + o.path("spec").path("replicas").asInt(1)),
          AGE,
          Column.wide("Containers", o -> containers(o, "name")),
          Column.wide("Images", o -> containers(o, "image")));
  static final List<Column> CLAIM =
      List.of(
          Column.text(
              "Status", o -> Json.terminating(o) ? "Terminating" : Json.text(o, "status", "phase")),
          Column.text("Volume", o -> Json.text(o, "spec", "volumeName")),
          Column.text("Capacity", o -> Json.text(o, "status", "capacity", "storage")),
          Column.text("Access Modes", o -> modes(o.path("status").path("accessModes"))),
          Column.text("StorageClass", o -> Json.text(o, "spec", "storageClassName")),
          AGE);
  static final List<Column> VOLUME =
      List.of(
          Column.text("Capacity", o -> Json.text(o, "spec", "capacity", "storage")),
          Column.text("Access Modes", o -> modes(o.path("spec").path("accessModes"))),
          Column.text("Reclaim Policy", o -> Json.text(o, "spec", "persistentVolumeReclaimPolicy")),
          Column.text("Status", o -> Json.text(o, "status", "phase")),
          Column.text(
              "Claim",
              o ->
                  Json.text(o, "spec", "claimRef", "namespace")
                      + "/"
                      + Json.text(o, "spec", "claimRef", "name")),
          Column.text("StorageClass", o -> Json.text(o, "spec", "storageClassName")),
          AGE);
  static final List<Column> SERVICE =
      List.of(
          Column.text("Type", o -> Json.text(o, "spec", "type")),
          Column.text("Cluster-IP", o -> orElse(o, "<none>", "spec", "clusterIP")),
          Column.text("External-IP", o -> "<none>"),
          Column.text("Port(s)", Columns::ports),
          AGE);
  static final List<Column> POD =
      List.of(
          Column.text("Ready", Columns::readyContainers),
          Column.text("Status", Columns::podStatus),
          Column.text("Restarts", Columns::restarts),
          AGE,
          Column.wide("IP", o -> orElse(o, "<none>", "status", "podIP")),
          Column.wide("Node", o -> orElse(o, "<none>", "spec", "nodeName")));

  private Columns() {}

  private static Object lastSeen(JsonNode event) {
    for (String[] path :
        List.of(
            new String[] {"series", "lastObservedTime"},
            new String[] {"lastTimestamp"},
            new String[] {"deprecatedLastTimestamp"},
            new String[] {"eventTime"})) {
      String time = Json.text(event, path);
      if (!time.isEmpty() && !time.equals("null")) {
        return Ages.since(time);
      }
    }
    return "<unknown>";
  }

  private static Object regarded(JsonNode event) {
    JsonNode object =
        event.has("regarding") ? event.get("regarding") : event.path("involvedObject");
    return Json.text(object, "kind").toLowerCase(java.util.Locale.ROOT)
        + "/"
        + Json.text(object, "name");
  }

  private static String containers(JsonNode object, String field) {
    List<String> all = new ArrayList<>();
    Json.at(object, "spec", "template", "spec", "containers")
        .forEach(container -> all.add(Json.text(container, field)));
    return String.join(",", all);
  }

  private static String modes(JsonNode modes) {
    var all = new StringJoiner(",");
    for (String mode : Json.texts(modes)) {
      all.add(
          switch (mode) {
            case "ReadWriteOnce" -> "RWO";
            case "ReadWriteOncePod" -> "RWOP";
            case "ReadOnlyMany" -> "ROX";
            default -> "RWX";
          });
    }
    return all.toString();
  }

  private static Object ports(JsonNode service) {
    List<String> all = new ArrayList<>();
    service
        .path("spec")
        .path("ports")
        .forEach(
            port -> all.add(port.path("port").asInt() + "/" + orElse(port, "TCP", "protocol")));
    return all.isEmpty() ? "<none>" : String.join(",", all);
  }

  private static Object readyContainers(JsonNode pod) {
    int ready = 0;
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      ready += status.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.path("spec").path("containers").size();
  }

  private static Object podStatus(JsonNode pod) {
    if (Json.terminating(pod)) {
      return "Terminating";
    }
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      for (String state : List.of("waiting", "terminated")) {
        String reason = Json.text(status, "state", state, "reason");
        if (!reason.isEmpty()) {
          return reason;
        }
      }
    }
    String reason = Json.text(pod, "status", "reason");
    return reason.isEmpty() ? orElse(pod, "Pending", "status", "phase") : reason;
  }

  private static Object restarts(JsonNode pod) {
    int restarts = 0;
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      restarts += status.path("restartCount").asInt();
    }
    return restarts;
  }
}
