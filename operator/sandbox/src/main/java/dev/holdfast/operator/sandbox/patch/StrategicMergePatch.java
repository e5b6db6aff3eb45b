package dev.holdfast.operator.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema;
import dev.holdfast.operator.sandbox.schema.Schema.ListKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Strategic merge patch for built-in kinds: lists with keys merge by their first key, sets merge by
 * value; the directives {@code $patch}, {@code $retainKeys}, {@code $deleteFromPrimitiveList/…};
 * {@code $setElementOrder/…} orders.
 */
public final class StrategicMergePatch {
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /** The patched object; the target is not changed. */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch, Schema schema) {
    String directive = patch.path("$patch").asText();
    if (directive.equals("replace")) {
      ObjectNode replacement = patch.deepCopy();
      replacement.remove("$patch");
      return replacement;
    }
    if (directive.equals("delete")) {
      return Json.object();
    }
    ObjectNode result = target.deepCopy();
    if (patch.has("$retainKeys")) {
      result.retain(Json.texts(patch.get("$retainKeys")));
    }
    patch
        .properties()
        .forEach(entry -> applyField(result, entry.getKey(), entry.getValue(), schema));
    patch
        .properties()
        .forEach(
            entry -> {
              if (entry.getKey().startsWith(ORDER)) {
                String name = entry.getKey().substring(ORDER.length());
                order(result.get(name), entry.getValue(), field(schema, name));
              }
            });
    return result;
  }

  private static void applyField(ObjectNode result, String name, JsonNode value, Schema schema) {
    if (name.startsWith(DELETE_FROM)) {
      JsonNode list = result.get(name.substring(DELETE_FROM.length()));
      if (list instanceof ArrayNode array) {
        List<JsonNode> left = new ArrayList<>();
        List<String> gone = Json.texts(value);
        array.forEach(
            item -> {
              if (!gone.contains(item.asText())) {
                left.add(item);
              }
            });
        array.removeAll().addAll(left);
      }
      return;
    }
    if (name.startsWith("$")) {
      return;
    }
    Schema field = field(schema, name);
    JsonNode before = result.get(name);
    switch (value) {
      case ObjectNode object -> {
        ObjectNode base = before instanceof ObjectNode old ? old : Json.object();
        if (object.path("$patch").asText().equals("delete")) {
          result.remove(name);
        } else {
          result.set(name, apply(base, object, field));
        }
      }
      case ArrayNode array when field != null && field.listKind() == ListKind.MAP ->
          result.set(name, mergeItems(before, array, field));
      case ArrayNode array when field != null && field.listKind() == ListKind.SET -> {
        ArrayNode merged = before instanceof ArrayNode old ? old.deepCopy() : Json.array();
        List<String> present = Json.texts(merged);
        array.forEach(
            item -> {
              if (!present.contains(item.asText())) {
                merged.add(item);
              }
            });
        result.set(name, merged);
      }
      default -> {
        if (value.isNull()) {
          result.remove(name);
        } else {
          result.set(name, value.deepCopy());
        }
      }
    }
  }

  private static ArrayNode mergeItems(JsonNode before, ArrayNode patch, Schema schema) {
    String key = schema.mapKeys().getFirst();
    for (JsonNode item : patch) {
      if (item.path("$patch").asText().equals("replace")) {
        ArrayNode replaced = Json.array();
        patch.forEach(
            one -> {
              if (!one.has("$patch")) {
                replaced.add(one);
              }
            });
        return replaced;
      }
    }
    ArrayNode merged = before instanceof ArrayNode old ? old.deepCopy() : Json.array();
    for (ObjectNode item : Json.objects(patch)) {
      int at = indexOf(merged, key, item.get(key));
      if (item.path("$patch").asText().equals("delete")) {
        if (at >= 0) {
          merged.remove(at);
        }
      } else if (at >= 0) {
        merged.set(at, apply((ObjectNode) merged.get(at), item, schema.items()));
      } else {
        merged.add(apply(Json.object(), item, schema.items()));
      }
    }
    return merged;
  }

  private static void order(JsonNode list, JsonNode order, Schema schema) {
    if (!(list instanceof ArrayNode array) || schema == null) {
      return;
    }
    List<JsonNode> sorted = new ArrayList<>();
    List<JsonNode> rest = new ArrayList<>();
    array.forEach(rest::add);
    for (JsonNode wanted : order) {
      for (JsonNode item : List.copyOf(rest)) {
        boolean matches =
            schema.listKind() == ListKind.MAP
                ? item.path(schema.mapKeys().getFirst())
                    .equals(wanted.path(schema.mapKeys().getFirst()))
                : item.equals(wanted);
        if (matches) {
          sorted.add(item);
          rest.remove(item);
          break;
        }
      }
    }
    array.removeAll().addAll(sorted).addAll(rest);
  }

  private static int indexOf(ArrayNode list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }

  private static Schema field(Schema schema, String name) {
    return schema == null ? null : schema.field(name);
  }
}
