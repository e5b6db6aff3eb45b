package dev.holdfast.operator.sandbox.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** JSON patch, RFC 6902. */
public final class JsonPatch {
  private JsonPatch() {}

  /** The patched object; the target is not changed. */
  public static JsonNode apply(JsonNode target, JsonNode operations) {
    if (!operations.isArray()) {
      throw new PatchException(true, "expected a list of operations");
    }
    JsonNode result = target.deepCopy();
    for (JsonNode operation : operations) {
      List<String> path = tokens(operation.path("path").asText());
      switch (operation.path("op").asText()) {
        case "add" -> result = put(result, path, operation.path("value").deepCopy(), true);
        case "replace" -> {
          find(result, path);
          result = put(result, path, operation.path("value").deepCopy(), false);
        }
        case "remove" -> remove(result, path);
        case "move" -> {
          List<String> from = tokens(operation.path("from").asText());
          JsonNode value = find(result, from);
          remove(result, from);
          result = put(result, path, value, true);
        }
        case "copy" -> {
          JsonNode value = find(result, tokens(operation.path("from").asText())).deepCopy();
          result = put(result, path, value, true);
        }
        case "test" -> {
          if (!find(result, path).equals(operation.path("value"))) {
            throw new PatchException(
                false, "testing path " + operation.path("path").asText() + " value failed");
          }
        }
        default -> throw new PatchException(true, "Unexpected kind: " + operation.path("op"));
      }
    }
    return result;
  }

  private static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    if (!pointer.isEmpty()) {
      for (String token : pointer.substring(1).split("/", -1)) {
        tokens.add(token.replace("~1", "/").replace("~0", "~"));
      }
    }
    return tokens;
  }

  private static JsonNode find(JsonNode root, List<String> path) {
    JsonNode here = root;
    for (String token : path) {
      here = here instanceof ArrayNode array ? array.get(index(token, array)) : here.get(token);
      if (here == null) {
        throw missing(path);
      }
    }
    return here;
  }

  private static JsonNode put(JsonNode root, List<String> path, JsonNode value, boolean insert) {
    if (path.isEmpty()) {
      return value;
    }
    String last = path.getLast();
    switch (find(root, path.subList(0, path.size() - 1))) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array when last.equals("-") -> array.add(value);
      case ArrayNode array when insert -> array.insert(index(last, array), value);
      case ArrayNode array -> array.set(index(last, array), value);
      default -> throw missing(path);
    }
    return root;
  }

  private static void remove(JsonNode root, List<String> path) {
    find(root, path);
    String last = path.getLast();
    switch (find(root, path.subList(0, path.size() - 1))) {
      case ObjectNode object -> object.remove(last);
      case ArrayNode array -> array.remove(index(last, array));
      default -> throw missing(path);
    }
  }

  private static int index(String token, ArrayNode array) {
    try {
      int index = Integer.parseInt(token);
      if (index >= 0 && index <= array.size()) {
        return index;
      }
    } catch (NumberFormatException e) {
      // told below, together with an index that is out of range
    }
    throw new PatchException(false, "invalid array index " + token);
  }

  private static PatchException missing(List<String> path) {
    return new PatchException(
        false, "the path /" + String.join("/", path) + " is missing in the object");
  }
}
