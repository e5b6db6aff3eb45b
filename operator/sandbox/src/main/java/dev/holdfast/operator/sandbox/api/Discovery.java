package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the server has, in the old form (a document per group) and in the aggregated one. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=";

  private final ResourceTypes types;

  Discovery(ResourceTypes types) {
    this.types = types;
  }

  /** The content type of the aggregated form that a client accepts, or the empty string. */
  static String aggregated(String accept) {
    for (String version : List.of("v2", "v2beta1")) {
      if (accept.contains("g=apidiscovery.k8s.io;v=" + version + ";")) {
        return AGGREGATED + version + ";as=APIGroupDiscoveryList";
      }
    }
    return "";
  }

  ObjectNode aggregated(boolean core, String contentType) {
    String version = contentType.contains("v2beta1") ? "v2beta1" : "v2";
    ObjectNode list = head("APIGroupDiscoveryList", "apidiscovery.k8s.io/" + version);
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    groups()
        .forEach(
            (group, versions) -> {
              if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!group.isEmpty()) {
                  metadata.put("name", group);
                }
                metadata.putNull("creationTimestamp");
                ArrayNode array = item.putArray("versions");
                versions.forEach(
                    (name, all) -> {
                      ObjectNode node = array.addObject().put("version", name);
                      ArrayNode resources = node.putArray("resources");
                      all.forEach(type -> resources.add(aggregated(type)));
                      node.put("freshness", "Current");
                    });
              }
            });
    return list;
  }

  private static ObjectNode aggregated(ResourceType type) {
    ObjectNode node = Json.object().put("resource", type.plural());
    node.set("responseKind", kind(type));
    node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    node.put("singularResource", type.singular());
    node.set("verbs", Json.array(verbs(type)));
    if (!type.shortNames().isEmpty()) {
      node.set("shortNames", Json.array(type.shortNames()));
    }
    if (!type.categories().isEmpty()) {
      node.set("categories", Json.array(type.categories()));
    }
    if (type.status()) {
      ObjectNode status = node.putArray("subresources").addObject().put("subresource", "status");
      status.set("responseKind", kind(type));
      status.set("verbs", Json.array(List.of("get", "patch", "update")));
    }
    return node;
  }

  private static ObjectNode kind(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  ObjectNode coreVersions() {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  ObjectNode groupList() {
    ObjectNode list = head("APIGroupList", "v1");
    ArrayNode all = list.putArray("groups");
    groups()
        .forEach(
            (group, versions) -> {
              if (!group.isEmpty()) {
                all.add(describe(Json.object(), group, versions.keySet()));
              }
            });
    return list;
  }

  /** One group, or null. */
  ObjectNode group(String group) {
    Map<String, List<ResourceType>> versions = groups().get(group);
    return versions == null ? null : describe(head("APIGroup", "v1"), group, versions.keySet());
  }

  /** The kinds of a group's version, or null. */
  ObjectNode resources(String group, String version) {
    List<ResourceType> all = groups().getOrDefault(group, Map.of()).get(version);
    if (all == null) {
      return null;
    }
    ObjectNode list = head("APIResourceList", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : all) {
      ObjectNode node = describe(resources.addObject(), type, "", verbs(type));
      if (!type.shortNames().isEmpty()) {
        node.set("shortNames", Json.array(type.shortNames()));
      }
      if (!type.categories().isEmpty()) {
        node.set("categories", Json.array(type.categories()));
      }
      if (type.status()) {
        describe(resources.addObject(), type, "/status", List.of("get", "patch", "update"));
      }
    }
    return list;
  }

  private static ObjectNode describe(
      ObjectNode node, ResourceType type, String subresource, List<String> verbs) {
    node.put("name", type.plural() + subresource);
    node.put("singularName", subresource.isEmpty() ? type.singular() : "");
    node.put("namespaced", type.namespaced()).put("kind", type.kind());
    node.set("verbs", Json.array(verbs));
    return node;
  }

  private static ObjectNode describe(ObjectNode node, String group, Iterable<String> versions) {
    node.put("name", group);
    ArrayNode array = node.putArray("versions");
    for (String version : versions) {
      array.addObject().put("groupVersion", group + "/" + version).put("version", version);
    }
    node.set("preferredVersion", array.get(0));
    return node;
  }

  private static List<String> verbs(ResourceType type) {
    return type.collection().isEmpty() ? List.of("create") : VERBS;
  }

  private Map<String, Map<String, List<ResourceType>>> groups() {
    Map<String, Map<String, List<ResourceType>>> groups = new TreeMap<>();
    for (ResourceType type : types.all()) {
      groups
          .computeIfAbsent(type.group(), g -> new LinkedHashMap<>())
          .computeIfAbsent(type.version(), v -> new java.util.ArrayList<>())
          .add(type);
    }
    return groups;
  }

  private static ObjectNode head(String kind, String apiVersion) {
    return Json.object().put("kind", kind).put("apiVersion", apiVersion);
  }
}
