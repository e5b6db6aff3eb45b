package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.List;

/** Objects as rows, the form that {@code kubectl get} asks for. */
final class Table {
  private static final Column NAME = Column.text("Name", Json::name);

  private Table() {}

  static ObjectNode of(ResourceType type, List<ObjectNode> objects, String include) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata");
    ArrayNode definitions = table.putArray("columnDefinitions");
    define(definitions, NAME, "name");
    type.columns().forEach(column -> define(definitions, column, column.format()));
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      cells.add(Json.name(object));
      type.columns().forEach(column -> cells.add(Json.tree(column.value().apply(object))));
      attach(row, object, include);
    }
    return table;
  }

  private static void define(ArrayNode definitions, Column column, String format) {
    definitions
        .addObject()
        .put("name", column.name())
        .put("type", column.type())
        .put("format", format)
        .put("description", column.description())
        .put("priority", column.priority());
  }

  private static void attach(ObjectNode row, ObjectNode object, String include) {
    switch (include) {
      case "Object" -> row.set("object", object);
      case "None" -> {}
      default -> row.set("object", metadataOnly(object));
    }
  }

  static ObjectNode metadataOnly(JsonNode object) {
    ObjectNode partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }
}
