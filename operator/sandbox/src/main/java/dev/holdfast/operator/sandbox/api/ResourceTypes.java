package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.CrdSchema;
import dev.holdfast.operator.sandbox.store.Change;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The kinds that the server has: the built-in ones, and those of the definitions in its store. */
public final class ResourceTypes {
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  private final List<ResourceType> builtin;
  private final Map<String, List<ResourceType>> custom = new ConcurrentHashMap<>();

  /** The built-in kinds and whatever definitions the store has, now and later. */
  public ResourceTypes(List<ResourceType> builtin, ObjectStore store) {
    this.builtin = List.copyOf(builtin);
    store.listen(this::follow);
    store.list(DEFINITIONS, "").objects().forEach(this::register);
  }

  /** All kinds. */
  public List<ResourceType> all() {
    return Stream.concat(
            builtin.stream(),
            custom.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().stream()))
        .toList();
  }

  /** The kind at a path, or null. */
  public ResourceType find(String group, String version, String plural) {
    return all().stream()
        .filter(
            type ->
                type.group().equals(group)
                    && type.version().equals(version)
                    && type.plural().equals(plural))
        .findFirst()
        .orElse(null);
  }

  /** The kind that an object says it is, or null. */
  public ResourceType ofKind(String apiVersion, String kind) {
    return all().stream()
        .filter(type -> type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
        .findFirst()
        .orElse(null);
  }

  /** The first kind kept in a collection, or null. */
  public ResourceType ofCollection(String collection) {
    return all().stream()
        .filter(type -> type.collection().equals(collection))
        .findFirst()
        .orElse(null);
  }

  /** The kind Namespace. */
  public ResourceType namespaces() {
    return find("", "v1", "namespaces");
  }

  private void follow(Change change) {
    if (change.collection().equals(DEFINITIONS)) {
      if (change.kind() == Change.Kind.DELETED) {
        custom.remove(Json.name(change.object()));
      } else {
        register(change.object());
      }
    }
  }

  private void register(ObjectNode definition) {
    JsonNode spec = definition.path("spec");
    JsonNode names = spec.path("names");
    List<ResourceType> versions = new ArrayList<>();
    for (JsonNode version : spec.path("versions")) {
      if (version.path("served").asBoolean()) {
        boolean status = version.path("subresources").has("status");
        Map<String, String[]> selectable = new LinkedHashMap<>();
        for (JsonNode field : version.path("selectableFields")) {
          String path = field.path("jsonPath").asText().substring(1);
          selectable.put(path, path.split("\\."));
        }
        JsonNode openApi = version.path("schema").path("openAPIV3Schema");
        versions.add(
            new ResourceType(
                Json.text(spec, "group"),
                Json.text(version, "name"),
                Json.text(names, "plural"),
                Json.text(names, "singular"),
                Json.text(names, "kind"),
                Json.texts(names.path("shortNames")),
                Json.texts(names.path("categories")),
                Json.text(spec, "scope").equals("Namespaced"),
                status,
                true,
                true,
                Json.name(definition),
                CrdSchema.of(openApi instanceof ObjectNode object ? object : Json.object()),
                Rules.NONE,
                PrinterColumns.of(version.path("additionalPrinterColumns")),
                selectable,
                View.SAME));
      }
    }
    custom.put(Json.name(definition), versions);
  }
}
