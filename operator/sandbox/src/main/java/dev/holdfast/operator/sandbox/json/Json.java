package dev.holdfast.operator.sandbox.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Kubernetes objects as JSON trees: reading, writing, and walking them without null checks. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** YAML is loaded only by those who send it. */
  private static final class Yaml {
    static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());
  }

  /** An empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** An empty array. */
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** An array of strings. */
  public static ArrayNode array(Iterable<String> texts) {
    ArrayNode array = array();
    texts.forEach(array::add);
    return array;
  }

  /** Reads JSON, or YAML when it does not begin as JSON does. */
  public static JsonNode parse(byte[] text) throws IOException {
    for (byte b : text) {
      if (b == '{' || b == '[') {
        return MAPPER.readTree(text);
      }
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return Yaml.MAPPER.readTree(text);
      }
    }
    return MissingNode.getInstance();
  }

  /** Reads every document of a YAML or JSON text. */
  public static List<ObjectNode> documents(String text) throws IOException {
    List<ObjectNode> documents = new ArrayList<>();
    try (var values = Yaml.MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (values.hasNext()) {
        if (values.next() instanceof ObjectNode object) {
          documents.add(object);
        }
      }
    }
    return documents;
  }

  /** Reads JSON that was written by this program. */
  public static ObjectNode read(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a tree. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Turns a value of records, maps and lists into a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** The node at a path of field names; a missing node when a part of it is not there. */
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode here = node;
    for (String name : path) {
      here = here == null ? MissingNode.getInstance() : here.path(name);
    }
    return here;
  }

  /** The text at a path, or the empty string. */
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  /** The object at a path, made where it is missing. */
  public static ObjectNode ensure(ObjectNode node, String... path) {
    ObjectNode here = node;
    for (String name : path) {
      JsonNode next = here.get(name);
      here = next instanceof ObjectNode object ? object : here.putObject(name);
    }
    return here;
  }

  /** Sets a field unless it is there. */
  public static void putIfMissing(ObjectNode node, String name, JsonNode value) {
    if (!node.has(name)) {
      node.set(name, value);
    }
  }

  /** Sets a text field unless it is there. */
  public static void putIfMissing(ObjectNode node, String name, String value) {
    if (!node.has(name)) {
      node.put(name, value);
    }
  }

  /** Sets a number field unless it is there. */
  public static void putIfMissing(ObjectNode node, String name, int value) {
    if (!node.has(name)) {
      node.put(name, value);
    }
  }

  /** The texts of an array; empty when there is none. */
  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  /** The object items of an array; empty when there is none. */
  public static List<ObjectNode> objects(JsonNode array) {
    List<ObjectNode> objects = new ArrayList<>();
    array.forEach(
        item -> {
          if (item instanceof ObjectNode object) {
            objects.add(object);
          }
        });
    return objects;
  }

  /** {@code metadata.name}. */
  public static String name(JsonNode object) {
    return text(object, "metadata", "name");
  }

  /** {@code metadata.namespace}; empty for objects of the cluster. */
  public static String namespace(JsonNode object) {
    return text(object, "metadata", "namespace");
  }

  /** {@code metadata.uid}. */
  public static String uid(JsonNode object) {
    return text(object, "metadata", "uid");
  }

  /** Whether the object is being deleted. */
  public static boolean terminating(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }
}
