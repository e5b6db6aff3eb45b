package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema.ListKind;
import dev.holdfast.operator.sandbox.schema.Schema.Type;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the structural schema of a CustomResourceDefinition's version. */
public final class CrdSchema {
  private CrdSchema() {}

  /**
   * The schema of a whole resource; {@code apiVersion}, {@code kind} and {@code metadata} are those
   * of every resource, whatever the definition says of them.
   */
  public static Schema of(ObjectNode openApi) {
    Schema declared = read(openApi);
    Map<String, Schema> properties = new LinkedHashMap<>(declared.properties());
    properties.put("apiVersion", BuiltinSchemas.text());
    properties.put("kind", BuiltinSchemas.text());
    properties.put("metadata", BuiltinSchemas.metadata());
    var whole = new Schema(Type.OBJECT, openApi, () -> properties);
    return declared.keepsUnknown() ? whole.keepingUnknown() : whole;
  }

  private static Schema read(JsonNode node) {
    ObjectNode rules = node instanceof ObjectNode object ? object : Json.object();
    Map<String, Schema> properties = new LinkedHashMap<>();
    rules
        .path("properties")
        .properties()
        .forEach(entry -> properties.put(entry.getKey(), read(entry.getValue())));
    var schema = new Schema(type(rules), rules, () -> properties);
    if (rules.path("additionalProperties").isObject()) {
      schema.mapOf(read(rules.get("additionalProperties")));
    } else if (rules.path("additionalProperties").asBoolean(false)) {
      schema.mapOf(new Schema(Type.ANY, Json.object(), Map::of));
    }
    if (rules.has("items")) {
      schema.listOf(read(rules.get("items")));
    }
    switch (rules.path("x-kubernetes-list-type").asText("atomic")) {
      case "set" -> schema.merging(ListKind.SET, java.util.List.of());
      case "map" ->
          schema.merging(ListKind.MAP, Json.texts(rules.path("x-kubernetes-list-map-keys")));
      default -> {}
    }
    if (rules.path("x-kubernetes-map-type").asText().equals("atomic")) {
      schema.asAtomic();
    }
    if (rules.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)) {
      schema.keepingUnknown();
    }
    return schema;
  }

  private static Type type(ObjectNode rules) {
    if (rules.path("x-kubernetes-int-or-string").asBoolean(false)) {
      return Type.INT_OR_STRING;
    }
    return switch (rules.path("type").asText()) {
      case "object" -> Type.OBJECT;
      case "array" -> Type.ARRAY;
      case "string" -> Type.STRING;
      case "integer" -> Type.INTEGER;
      case "number" -> Type.NUMBER;
      case "boolean" -> Type.BOOLEAN;
      default -> Type.ANY;
    };
  }
}
