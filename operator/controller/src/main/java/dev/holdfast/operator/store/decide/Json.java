package dev.holdfast.operator.store.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Kubernetes objects as JSON trees: in one canonical form, and where one does not say what another
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
   * Where an object of the API server first fails to say what a canonical tree says; empty when it
   * has every field of it with that value. What the server or somebody else adds is no difference,
   * neither a field nor an item of a list that Kubernetes merges (see {@link MergedLists}), and
   * neither is another spelling of a quantity.
   */
  static Optional<String> difference(JsonNode actual, JsonNode wanted) {
    return difference(actual, wanted, "", "");
  }

  private static Optional<String> difference(
      JsonNode actual, JsonNode wanted, String name, String path) {
    if (wanted instanceof ObjectNode object) {
      return object.properties().stream()
          .flatMap(
              field ->
                  difference(
                      actual.path(field.getKey()),
                      field.getValue(),
                      field.getKey(),
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey())
                      .stream())
          .findFirst();
    }
    if (wanted instanceof ArrayNode array) {
      return items(actual, array, name, path);
    }
    return actual.equals(wanted) || sameQuantity(actual, wanted)
        ? Optional.empty()
        : Optional.of(path);
  }

  private static Optional<String> items(
      JsonNode actual, ArrayNode wanted, String name, String path) {
    var merged = MergedLists.is(name);
    if (!actual.isArray() || (!merged && actual.size() != wanted.size())) {
      return Optional.of(path);
    }
    for (int i = 0; i < wanted.size(); i++) {
      var item = wanted.get(i);
      var there = merged ? MergedLists.find(actual, name, item) : Optional.of(actual.get(i));
      if (there.isEmpty()) {
        return Optional.of(path);
      }
      var difference = difference(there.get(), item, "", path);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
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
