package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** OpenAPI v3: enough for {@code kubectl} to validate on the server and to explain. */
final class OpenApi {
  private static final int DEPTH = 12;
  private final ResourceTypes types;

  OpenApi(ResourceTypes types) {
    this.types = types;
  }

  /** The index of documents. */
  ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    Set<String> versions = new TreeSet<>();
    types.all().forEach(type -> versions.add(path(type.group(), type.version())));
    versions.forEach(
        path ->
            paths
                .putObject(path)
                .put(
                    "serverRelativeURL",
                    "/openapi/v3/" + path + "?hash=" + types.all().hashCode()));
    return index;
  }

  /** One group's version, or null. */
  ObjectNode document(String path) {
    List<ResourceType> all =
        types.all().stream()
            .filter(type -> path(type.group(), type.version()).equals(path))
            .toList();
    if (all.isEmpty()) {
      return null;
    }
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Holdfast sandbox").put("version", "unversioned");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = Json.object();
    for (ResourceType type : all) {
      String name =
          (type.group().isEmpty() ? "core" : type.group())
              + "."
              + type.version()
              + "."
              + type.kind();
      String scope = type.namespaced() ? "/namespaces/{namespace}/" : "/";
      ObjectNode collection = paths.putObject("/" + path + scope + type.plural());
      operation(collection, "get", "list", type, name);
      operation(collection, "post", "post", type, name);
      ObjectNode one = paths.putObject("/" + path + scope + type.plural() + "/{name}");
      for (String verb : List.of("get", "put", "patch", "delete")) {
        operation(one, verb, verb, type, name);
      }
      ObjectNode schema = schema(type.schema(), new ArrayDeque<>());
      schema
          .putArray("x-kubernetes-group-version-kind")
          .addObject()
          .put("group", type.group())
          .put("version", type.version())
          .put("kind", type.kind());
      schemas.set(name, schema);
    }
    document.putObject("components").set("schemas", schemas);
    return document;
  }

  private static void operation(
      ObjectNode path, String method, String action, ResourceType type, String schema) {
    ObjectNode operation = path.putObject(method);
    operation.put("x-kubernetes-action", action);
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
    ArrayNode parameters = operation.putArray("parameters");
    for (String name : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
      parameters
          .addObject()
          .put("name", name)
          .put("in", "query")
          .putObject("schema")
          .put("type", name.equals("force") ? "boolean" : "string");
    }
    operation
        .putObject("responses")
        .putObject("200")
        .put("description", "OK")
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schema);
  }

  /** Schemas are written out in place; what contains itself ends there. */
  private static ObjectNode schema(Schema schema, Deque<Schema> above) {
    ObjectNode node = schema.rules().deepCopy();
    node.remove(List.of("properties", "items", "additionalProperties"));
    if (!node.has("type") && schema.type() == Schema.Type.OBJECT) {
      node.put("type", "object");
    }
    if (above.contains(schema) || above.size() > DEPTH) {
      return node;
    }
    above.push(schema);
    if (!schema.properties().isEmpty()) {
      ObjectNode properties = node.putObject("properties");
      schema.properties().forEach((name, field) -> properties.set(name, schema(field, above)));
    }
    if (schema.items() != null) {
      node.set("items", schema(schema.items(), above));
      if (schema.listKind() == Schema.ListKind.MAP) {
        node.put("x-kubernetes-list-type", "map");
        node.set("x-kubernetes-list-map-keys", Json.array(schema.mapKeys()));
        node.put("x-kubernetes-patch-strategy", "merge");
        node.put("x-kubernetes-patch-merge-key", schema.mapKeys().getFirst());
      }
    }
    if (schema.additional() != null) {
      node.set("additionalProperties", schema(schema.additional(), above));
    }
    above.pop();
    return node;
  }

  private static String path(String group, String version) {
    return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
  }
}
