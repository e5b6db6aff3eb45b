package dev.holdfast.operator.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Specs as the API server hands them out: with the defaults of the schema in {@code crds/}. */
public final class Specs {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonNode SCHEMA = schema();

  private Specs() {}

  private static JsonNode schema() {
    try {
      return YAML.readTree(Path.of("../../crds/persistentstores.holdfast.dev.yaml").toFile())
          .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static PersistentStoreSpec withDefaults(String yaml) {
    try {
      var spec = (ObjectNode) YAML.readTree(yaml);
      fill(spec, SCHEMA);
      return YAML.treeToValue(spec, PersistentStoreSpec.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(ObjectNode object, JsonNode schema) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              var value = property.getValue();
              if (!object.has(property.getKey()) && value.has("default")) {
                object.set(property.getKey(), value.get("default").deepCopy());
              }
              if (object.get(property.getKey()) instanceof ObjectNode child) {
                fill(child, value);
              }
            });
  }
}
