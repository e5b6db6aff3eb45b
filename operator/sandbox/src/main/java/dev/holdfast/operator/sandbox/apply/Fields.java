package dev.holdfast.operator.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema;
import dev.holdfast.operator.sandbox.schema.Schema.ListKind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which fields a value has, and which differ between two values, as far as a schema divides them.
 */
final class Fields {
  private Fields() {}

  /** What is new, changed or gone in a second value. */
  record Difference(FieldSet added, FieldSet modified, FieldSet removed) {
    FieldSet written() {
      return added.union(modified);
    }
  }

  /** Every field of a value that can have an owner. */
  static FieldSet of(JsonNode value, Schema schema) {
    var set = new FieldSet();
    collect(value, schema, set, false);
    return set;
  }

  static Difference between(JsonNode before, JsonNode after, Schema schema) {
    var difference = new Difference(new FieldSet(), new FieldSet(), new FieldSet());
    compare(before, after, schema, difference);
    return difference;
  }

  /** Whether a value is divided into fields or items with owners of their own. */
  static boolean divided(JsonNode value, Schema schema) {
    return schema != null
        && !schema.isLeaf()
        && (schema.type() == Schema.Type.OBJECT ? value.isObject() : value.isArray());
  }

  /** The items of a list with keys or of a set by their path element, in order. */
  static Map<String, JsonNode> items(JsonNode list, Schema schema) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    for (JsonNode item : list) {
      items.put(element(item, schema), item);
    }
    return items;
  }

  private static String element(JsonNode item, Schema schema) {
    if (schema.listKind() == ListKind.SET) {
      return "v:" + item;
    }
    ObjectNode keys = Json.object();
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (String key : schema.mapKeys()) {
      JsonNode value = item.get(key);
      Schema field = schema.items().field(key);
      if (value == null && field != null) {
        value = field.defaultValue();
      }
      if (value != null) {
        sorted.put(key, value);
      }
    }
    sorted.forEach(keys::set);
    return "k:" + keys;
  }

  private static void collect(JsonNode value, Schema schema, FieldSet into, boolean containers) {
    if (!divided(value, schema) || value.isEmpty()) {
      into.add();
      return;
    }
    if (value instanceof ArrayNode list) {
      items(list, schema)
          .forEach(
              (element, item) -> {
                FieldSet child = into.child(element).add();
                if (schema.listKind() == ListKind.MAP) {
                  collectFields(item, schema.items(), child, containers);
                }
              });
      return;
    }
    if (containers && schema.additional() != null) {
      into.add();
    }
    collectFields(value, schema, into, containers);
  }

  private static void collectFields(
      JsonNode object, Schema schema, FieldSet into, boolean containers) {
    object
        .properties()
        .forEach(
            entry ->
                collect(
                    entry.getValue(),
                    schema.field(entry.getKey()),
                    into.child("f:" + entry.getKey()),
                    containers));
  }

  private static void compare(JsonNode before, JsonNode after, Schema schema, Difference into) {
    if (before == null && after == null) {
      return;
    }
    if (before == null) {
      collect(after, schema, into.added(), true);
    } else if (after == null) {
      collect(before, schema, into.removed(), true);
    } else if (!divided(before, schema) || !divided(after, schema)) {
      if (!same(before, after)) {
        into.modified().add();
      }
    } else if (schema.type() == Schema.Type.OBJECT) {
      compareFields(before, after, schema, into);
    } else {
      Map<String, JsonNode> old = items(before, schema);
      Map<String, JsonNode> now = items(after, schema);
      Set<String> elements = new LinkedHashSet<>(old.keySet());
      elements.addAll(now.keySet());
      for (String element : elements) {
        JsonNode oldItem = old.get(element);
        JsonNode newItem = now.get(element);
        Difference child = child(into, element);
        if (oldItem == null) {
          child.added().add();
        } else if (newItem == null) {
          child.removed().add();
        }
        if (schema.listKind() == ListKind.MAP) {
          compareFields(
              oldItem == null ? Json.object() : oldItem,
              newItem == null ? Json.object() : newItem,
              schema.items(),
              child);
        }
      }
    }
    tidy(into);
  }

  private static void compareFields(
      JsonNode before, JsonNode after, Schema schema, Difference into) {
    Set<String> names = new LinkedHashSet<>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      compare(before.get(name), after.get(name), schema.field(name), child(into, "f:" + name));
    }
    tidy(into);
  }

  private static Difference child(Difference into, String element) {
    return new Difference(
        into.added().child(element), into.modified().child(element), into.removed().child(element));
  }

  private static void tidy(Difference difference) {
    difference.added().children().values().removeIf(FieldSet::isEmpty);
    difference.modified().children().values().removeIf(FieldSet::isEmpty);
    difference.removed().children().values().removeIf(FieldSet::isEmpty);
  }

  /** Numbers that are equal are the same, however they were written. */
  private static boolean same(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    return a.equals(b);
  }
}
