package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The pods and claims that a StatefulSet asks for. */
final class StatefulSetPods {
  private StatefulSetPods() {}

  /** The name of the revision that a template is. */
  static String revision(ObjectNode set) {
    var hash = new CRC32C();
    hash.update(Json.bytes(set.path("spec").path("template")));
    return Json.name(set) + "-" + Long.toString(hash.getValue(), 36);
  }

  static String podName(ObjectNode set, int ordinal) {
    return Json.name(set) + "-" + ordinal;
  }

  static ObjectNode pod(ObjectNode set, int ordinal, String revision) {
    String name = podName(set, ordinal);
    JsonNode template = set.path("spec").path("template");
    ObjectNode pod = Json.object();
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", Json.namespace(set));
    metadata.put("generateName", Json.name(set) + "-");
    metadata.setAll(copyOf(template.path("metadata")));
    metadata.remove("creationTimestamp");
    Json.ensure(metadata, "labels")
        .put("controller-revision-hash", revision)
        .put("statefulset.kubernetes.io/pod-name", name)
        .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
    metadata.set("ownerReferences", ownedBy(set, true));
    ObjectNode spec = copyOf(template.path("spec"));
    pod.set("spec", spec);
    spec.put("hostname", name);
    String service = Json.text(set, "spec", "serviceName");
    if (!service.isEmpty()) {
      spec.put("subdomain", service);
    }
    ArrayNode volumes = Json.array();
    List<String> claimed = new ArrayList<>();
    for (JsonNode claim : set.path("spec").path("volumeClaimTemplates")) {
      claimed.add(Json.name(claim));
      ObjectNode volume = volumes.addObject().put("name", Json.name(claim));
      volume.putObject("persistentVolumeClaim").put("claimName", Json.name(claim) + "-" + name);
    }
    for (JsonNode volume : spec.path("volumes")) {
      if (!claimed.contains(Json.text(volume, "name"))) {
        volumes.add(volume);
      }
    }
    spec.set("volumes", volumes);
    return pod;
  }

  static List<ObjectNode> claims(ObjectNode set, int ordinal) {
    List<ObjectNode> claims = new ArrayList<>();
    for (JsonNode template : set.path("spec").path("volumeClaimTemplates")) {
      ObjectNode claim = Json.object();
      ObjectNode metadata = copyOf(template.path("metadata"));
      metadata.put("name", Json.name(template) + "-" + podName(set, ordinal));
      metadata.put("namespace", Json.namespace(set));
      metadata.remove("creationTimestamp");
      Json.ensure(metadata, "labels")
          .setAll(copyOf(Json.at(set, "spec", "selector", "matchLabels")));
      if (deletesClaims(set)) {
        metadata.set("ownerReferences", ownedBy(set, false));
      }
      claim.set("metadata", metadata);
      claim.set("spec", copyOf(template.path("spec")));
      claims.add(claim);
    }
    return claims;
  }

  static boolean deletesClaims(ObjectNode set) {
    return Json.text(set, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")
        .equals("Delete");
  }

  static ArrayNode ownedBy(ObjectNode set, boolean controller) {
    ArrayNode owners = Json.array();
    ObjectNode owner = owners.addObject();
    owner.put("apiVersion", "apps/v1").put("kind", "StatefulSet");
    owner.put("name", Json.name(set)).put("uid", Json.uid(set));
    if (controller) {
      owner.put("controller", true).put("blockOwnerDeletion", true);
    }
    return owners;
  }

  private static ObjectNode copyOf(JsonNode node) {
    return node instanceof ObjectNode object ? object.deepCopy() : Json.object();
  }
}
