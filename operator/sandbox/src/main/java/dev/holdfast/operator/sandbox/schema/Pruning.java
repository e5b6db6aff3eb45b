package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Drops fields that a schema does not name, and fills in its defaults. */
public final class Pruning {
  private Pruning() {}

  /** Removes unknown fields in place and returns their paths, such as {@code spec.foo}. */
  public static List<String> prune(ObjectNode object, Schema schema) {
    List<String> unknown = new ArrayList<>();
    prune(object, schema, "", unknown);
    return unknown;
  }

  private static void prune(JsonNode value, Schema schema, String path, List<String> unknown) {
    switch (value) {
      case ObjectNode object when schema.type() == Schema.Type.OBJECT -> {
        for (String name : names(object)) {
          Schema field = schema.field(name);
          String here = path.isEmpty() ? name : path + "." + name;
          if (field != null) {
            prune(object.get(name), field, here, unknown);
          } else if (!schema.keepsUnknown()) {
            object.remove(name);
            unknown.add(here);
          }
        }
      }
      case ArrayNode array when schema.items() != null -> {
        for (int i = 0; i < array.size(); i++) {
          prune(array.get(i), schema.items(), path + "[" + i + "]", unknown);
        }
      }
      default -> {}
    }
  }

  /**
   * Removes empty maps and lists, as the types of built-in kinds lose them when they are written.
   */
  public static void dropEmpty(JsonNode value, Schema schema) {
    switch (value) {
      case ObjectNode object when schema.type() == Schema.Type.OBJECT -> {
        for (String name : names(object)) {
          Schema field = schema.field(name);
          JsonNode child = object.get(name);
          if (field != null) {
            boolean collection = field.type() == Schema.Type.ARRAY || field.additional() != null;
            if (collection && child.isContainerNode() && child.isEmpty()) {
              object.remove(name);
            } else {
              dropEmpty(child, field);
            }
          }
        }
      }
      case ArrayNode array when schema.items() != null ->
          array.forEach(item -> dropEmpty(item, schema.items()));
      default -> {}
    }
  }

  /** Removes nulls of fields that have a default or may not be null, and fills in defaults. */
  public static void fillDefaults(JsonNode value, Schema schema) {
    switch (value) {
      case ObjectNode object when schema.type() == Schema.Type.OBJECT -> {
        schema
            .properties()
            .forEach(
                (name, field) -> {
                  boolean isNull = object.path(name).isNull();
                  if (isNull && !field.rules().path("nullable").asBoolean(false)) {
                    object.remove(name);
                  }
                  if (field.defaultValue() != null && !object.has(name)) {
                    object.set(name, field.defaultValue().deepCopy());
                  }
                });
        for (String name : names(object)) {
          Schema field = schema.field(name);
          if (field != null) {
            fillDefaults(object.get(name), field);
          }
        }
      }
      case ArrayNode array when schema.items() != null ->
          array.forEach(item -> fillDefaults(item, schema.items()));
      default -> {}
    }
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
