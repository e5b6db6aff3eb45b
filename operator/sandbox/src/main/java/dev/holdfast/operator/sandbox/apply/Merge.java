package dev.holdfast.operator.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema;
import dev.holdfast.operator.sandbox.schema.Schema.ListKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The two movements of server-side apply on values: lay a configuration over an object, take fields
 * out.
 */
final class Merge {
  private Merge() {}

  /** The live value with everything that the applied one states. */
  static JsonNode overlay(JsonNode live, JsonNode applied, Schema schema) {
    if (live == null || !Fields.divided(live, schema) || !Fields.divided(applied, schema)) {
      return applied.deepCopy();
    }
    return live instanceof ArrayNode
        ? overlayItems(live, applied, schema)
        : overlayFields((ObjectNode) live, applied, schema);
  }

  private static ObjectNode overlayFields(ObjectNode live, JsonNode applied, Schema schema) {
    ObjectNode merged = live.deepCopy();
    applied
        .properties()
        .forEach(
            entry ->
                merged.set(
                    entry.getKey(),
                    overlay(
                        live.get(entry.getKey()), entry.getValue(), schema.field(entry.getKey()))));
    return merged;
  }

  /** The applied order counts; items of others keep their place between their neighbours. */
  private static ArrayNode overlayItems(JsonNode live, JsonNode applied, Schema schema) {
    Map<String, JsonNode> old = Fields.items(live, schema);
    Map<String, JsonNode> now = Fields.items(applied, schema);
    List<String> oldElements = new ArrayList<>(old.keySet());
    List<String> newElements = new ArrayList<>(now.keySet());
    ArrayNode merged = Json.array();
    Set<String> placed = new HashSet<>();
    int l = 0;
    int r = 0;
    while (l < oldElements.size() || r < newElements.size()) {
      if (l < oldElements.size()) {
        String element = oldElements.get(l);
        if (placed.contains(element)) {
          l++;
          continue;
        }
        if (!now.containsKey(element)) {
          merged.add(old.get(element).deepCopy());
          l++;
          continue;
        }
      }
      String element = newElements.get(r++);
      placed.add(element);
      JsonNode before = old.get(element);
      merged.add(
          before == null || schema.listKind() == ListKind.SET
              ? now.get(element).deepCopy()
              : overlay(before, now.get(element), schema.items()));
    }
    return merged;
  }

  /**
   * Takes fields out of a value, in place.
   *
   * @param gone fields to remove
   * @param kept fields that somebody still owns: what holds them stays, even when it is empty
   */
  static void remove(JsonNode value, FieldSet gone, FieldSet kept, Schema schema) {
    if (value instanceof ObjectNode object) {
      gone.children()
          .forEach(
              (element, below) -> {
                String name = element.substring(2);
                JsonNode field = object.get(name);
                if (field != null
                    && removed(field, below, kept.below(element), schema.field(name))) {
                  object.remove(name);
                }
              });
    } else if (value instanceof ArrayNode list) {
      Map<String, JsonNode> items = Fields.items(list, schema);
      ArrayNode left = Json.array();
      items.forEach(
          (element, item) -> {
            FieldSet below = gone.below(element);
            boolean drop = below.member() && kept.below(element).isEmpty();
            if (!drop) {
              if (schema.listKind() == ListKind.MAP) {
                remove(item, below, kept.below(element), schema.items());
              }
              left.add(item);
            }
          });
      list.removeAll();
      list.addAll(left);
    }
  }

  private static boolean removed(JsonNode field, FieldSet gone, FieldSet kept, Schema schema) {
    if (!Fields.divided(field, schema)) {
      return gone.member();
    }
    remove(field, gone, kept, schema);
    return field.isEmpty() && kept.isEmpty();
  }
}
