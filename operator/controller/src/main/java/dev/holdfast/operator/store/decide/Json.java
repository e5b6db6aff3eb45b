package dev.holdfast.operator.store.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.TreeSet;

/**
 * Kubernetes objects as JSON trees: in one canonical form, and whether one says all that another
 * says.
 */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /**
   * The tree with sorted keys, without nulls and without empty parts: the same text from any
   * version of the library.
   */
  static JsonNode canonical(Object value) {
    return canonical(MAPPER.<JsonNode>valueToTree(value));
  }

  private static JsonNode canonical(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var sorted = JsonNodeFactory.instance.objectNode();
      var names = new TreeSet<String>();
      object.fieldNames().forEachRemaining(names::add);
      for (var name : names) {
        var child = canonical(object.get(name));
        if (!child.isNull() && !(child.isContainerNode() && child.isEmpty())) {
          sorted.set(name, child);
        }
      }
      return sorted;
    }
    if (node instanceof ArrayNode array) {
      var copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> copy.add(canonical(item)));
      return copy;
    }
    return node;
  }

  /**
   * Whether an object of the API server has every field of a canonical tree with that value. The
   * server adds fields of its own, and writes quantities in its own way; both are no difference.
   */
  static boolean says(JsonNode actual, JsonNode wanted) {
    if (wanted instanceof ObjectNode object) {
      var names = object.fieldNames();
      while (names.hasNext()) {
        var name = names.next();
        if (!actual.has(name) || !says(actual.get(name), object.get(name))) {
          return false;
        }
      }
      return true;
    }
    if (wanted instanceof ArrayNode array) {
      if (!actual.isArray() || actual.size() != array.size()) {
        return false;
      }
      for (int i = 0; i < array.size(); i++) {
        if (!says(actual.get(i), array.get(i))) {
          return false;
        }
      }
      return true;
    }
    return actual.equals(wanted) || sameQuantity(actual, wanted);
  }

  private static boolean sameQuantity(JsonNode actual, JsonNode wanted) {
    var a = actual.asText();
    var b = wanted.asText();
    if (a.equals(b)) {
      return actual.isValueNode() && wanted.isValueNode();
    }
    try {
      return !a.isEmpty()
          && !b.isEmpty()
          && Character.isDigit(a.charAt(0))
          && Character.isDigit(b.charAt(0))
          && Quantity.getAmountInBytes(new Quantity(a))
                  .compareTo(Quantity.getAmountInBytes(new Quantity(b)))
              == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
