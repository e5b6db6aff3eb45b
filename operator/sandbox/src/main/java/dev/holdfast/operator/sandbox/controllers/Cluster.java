package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.ApiError;
import dev.holdfast.operator.sandbox.api.DeleteOptions;
import dev.holdfast.operator.sandbox.api.Operations;
import dev.holdfast.operator.sandbox.api.ResourceType;
import dev.holdfast.operator.sandbox.api.ResourceTypes;
import dev.holdfast.operator.sandbox.api.WriteOptions;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What the sandbox's controllers and its node do to objects, by collection. */
public final class Cluster {
  private static final Consumer<String> NO_WARNINGS = warning -> {};

  private final ObjectStore store;
  private final ResourceTypes types;
  private final Operations operations;
  private final Clock clock;

  /** Works on a store through its operations. */
  public Cluster(ObjectStore store, ResourceTypes types, Operations operations, Clock clock) {
    this.store = store;
    this.types = types;
    this.operations = operations;
    this.clock = clock;
  }

  /** The store, to listen to. */
  public ObjectStore store() {
    return store;
  }

  /** The kinds. */
  public ResourceTypes types() {
    return types;
  }

  /** Now, in whole seconds, as time stamps of objects are. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** An object, or null. */
  public ObjectNode find(String collection, String namespace, String name) {
    return store.get(collection, namespace, name);
  }

  /** All objects of a collection in a namespace, or everywhere. */
  public List<ObjectNode> list(String collection, String namespace) {
    return store.list(collection, namespace).objects();
  }

  /** Makes an object; one that is there already stays as it is. */
  public void create(String by, String collection, String namespace, ObjectNode object) {
    if (find(collection, namespace, Json.name(object)) == null) {
      operations.create(type(collection), namespace, object, WriteOptions.by(by), NO_WARNINGS);
    }
  }

  /** Server-side apply of an object of any kind, with force. */
  public void apply(String by, ObjectNode object) {
    ResourceType type = types.ofKind(Json.text(object, "apiVersion"), Json.text(object, "kind"));
    if (type == null) {
      throw new IllegalArgumentException(
          "the sandbox has no "
              + Json.text(object, "apiVersion")
              + " "
              + Json.text(object, "kind"));
    }
    String stated = Json.namespace(object);
    String namespace = !type.namespaced() ? "" : stated.isEmpty() ? "default" : stated;
    var options = new WriteOptions(by, "", false, true, "Ignore");
    operations.apply(type, namespace, Json.name(object), object, options, NO_WARNINGS);
  }

  /** Changes an object, if it is there. */
  public void change(
      String by, String collection, ObjectNode object, UnaryOperator<ObjectNode> change) {
    write(collection, object, change, WriteOptions.by(by));
  }

  /** Changes the status of an object, if it is there. */
  public void changeStatus(
      String by, String collection, ObjectNode object, Consumer<ObjectNode> change) {
    UnaryOperator<ObjectNode> whole =
        latest -> {
          change.accept(Json.ensure(latest, "status"));
          return latest;
        };
    write(collection, object, whole, WriteOptions.by(by).status());
  }

  private void write(
      String collection, ObjectNode object, UnaryOperator<ObjectNode> change, WriteOptions by) {
    store.exclusively(
        () -> {
          ObjectNode latest = find(collection, Json.namespace(object), Json.name(object));
          if (latest != null && Json.uid(latest).equals(Json.uid(object))) {
            operations.patch(
                type(collection),
                Json.namespace(object),
                Json.name(object),
                change,
                by,
                NO_WARNINGS);
          }
          return null;
        });
  }

  /** Deletes an object in the background, if it is still the same one. */
  public void delete(String collection, ObjectNode object) {
    delete(collection, object, DeleteOptions.background());
  }

  /** Deletes an object, if it is still the same one. */
  public void delete(String collection, ObjectNode object, DeleteOptions options) {
    store.exclusively(
        () -> {
          ObjectNode latest = find(collection, Json.namespace(object), Json.name(object));
          if (latest != null && Json.uid(latest).equals(Json.uid(object))) {
            try {
              operations.delete(
                  type(collection), Json.namespace(object), Json.name(object), options);
            } catch (ApiError e) {
              if (e.code() != 404) {
                throw e;
              }
            }
          }
          return null;
        });
  }

  /** Takes a finalizer off an object. */
  public void removeFinalizer(String by, String collection, ObjectNode object, String finalizer) {
    change(
        by,
        collection,
        object,
        latest -> {
          List<String> left = Json.texts(latest.path("metadata").path("finalizers"));
          left.remove(finalizer);
          latest.withObject("/metadata").set("finalizers", Json.array(left));
          return latest;
        });
  }

  /** Notes an event about an object; one that repeats is counted. */
  public void event(String by, ObjectNode about, String type, String reason, String message) {
    String namespace = Json.namespace(about).isEmpty() ? "default" : Json.namespace(about);
    String key = Json.uid(about) + reason + message;
    String name = Json.name(about) + "." + Integer.toHexString(key.hashCode());
    store.exclusively(
        () -> {
          ObjectNode before = find("events", namespace, name);
          if (goes(namespace)) {
            return null; // nobody is left to read it
          }
          if (before == null) {
            create(by, "events", namespace, newEvent(by, about, type, reason, message, name));
          } else {
            change(
                by,
                "events",
                before,
                latest ->
                    latest
                        .put("count", latest.path("count").asInt() + 1)
                        .put("lastTimestamp", now().toString()));
          }
          return null;
        });
  }

  private boolean goes(String namespace) {
    ObjectNode found = find("namespaces", "", namespace);
    return found == null || !Json.text(found, "metadata", "deletionTimestamp").isEmpty();
  }

  private ObjectNode newEvent(
      String by, ObjectNode about, String type, String reason, String message, String name) {
    ObjectNode event = Json.object();
    event.putObject("metadata").put("name", name);
    ObjectNode regarding = event.putObject("involvedObject");
    JsonNode metadata = about.path("metadata");
    regarding
        .put("apiVersion", Json.text(about, "apiVersion"))
        .put("kind", Json.text(about, "kind"));
    for (String field : List.of("namespace", "name", "uid", "resourceVersion")) {
      if (metadata.has(field)) {
        regarding.set(field, metadata.get(field));
      }
    }
    event.put("reason", reason).put("message", message).put("type", type).put("count", 1);
    event.put("firstTimestamp", now().toString()).put("lastTimestamp", now().toString());
    event.putObject("source").put("component", by);
    return event.put("reportingComponent", by);
  }

  private ResourceType type(String collection) {
    return types.ofCollection(collection);
  }
}
