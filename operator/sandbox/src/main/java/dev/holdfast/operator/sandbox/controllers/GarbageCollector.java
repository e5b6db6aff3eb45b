package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.DeleteOptions;
import dev.holdfast.operator.sandbox.api.ResourceType;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Deletes what is owned by nothing any more; finishes foreground and orphan deletions.
 *
 * <p>One pass looks at everything. A sandbox is small, and a pass runs only when an object with
 * owners appears, an object goes, or one waits for its dependents.
 */
public final class GarbageCollector implements AutoCloseable {
  private static final String NAME = "garbage-collector";
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final Cluster cluster;
  private final WorkQueue queue;

  private record Found(String collection, ObjectNode object) {}

  /** Starts at once. */
  public GarbageCollector(Cluster cluster) {
    this.cluster = cluster;
    queue = new WorkQueue(NAME, key -> collect());
    cluster.store().listen(this::follow);
    queue.add("all");
  }

  private void follow(Change change) {
    boolean owned = !change.object().path("metadata").path("ownerReferences").isEmpty();
    boolean appeared = change.kind() == Change.Kind.ADDED && owned;
    if (appeared || change.kind() == Change.Kind.DELETED || Json.terminating(change.object())) {
      queue.add("all");
    }
  }

  private void collect() {
    Map<String, Found> all = new LinkedHashMap<>();
    Map<String, List<Found>> dependents = new HashMap<>();
    for (String collection : collections()) {
      for (ObjectNode object : cluster.list(collection, "")) {
        var found = new Found(collection, object);
        all.put(Json.uid(object), found);
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
          dependents.computeIfAbsent(Json.text(owner, "uid"), u -> new ArrayList<>()).add(found);
        }
      }
    }
    for (Found found : all.values()) {
      if (Json.terminating(found.object())) {
        finish(found, dependents.getOrDefault(Json.uid(found.object()), List.of()));
      } else {
        collect(found, all);
      }
    }
  }

  private void collect(Found found, Map<String, Found> all) {
    JsonNode owners = found.object().path("metadata").path("ownerReferences");
    if (owners.isEmpty()) {
      return;
    }
    boolean lives = false;
    boolean foreground = false;
    for (JsonNode owner : owners) {
      Found present = all.get(Json.text(owner, "uid"));
      if (present != null) {
        boolean waits = Json.terminating(present.object()) && has(present.object(), FOREGROUND);
        foreground |= waits;
        lives |= !waits;
      }
    }
    if (lives) {
      return;
    }
    var options = DeleteOptions.background();
    if (foreground) {
      options = new DeleteOptions(null, "Foreground", "", "", false);
    }
    cluster.delete(found.collection(), found.object(), options);
  }

  private void finish(Found owner, List<Found> dependents) {
    if (has(owner.object(), ORPHAN)) {
      for (Found dependent : dependents) {
        cluster.change(
            NAME,
            dependent.collection(),
            dependent.object(),
            latest -> without(latest, Json.uid(owner.object())));
      }
      cluster.removeFinalizer(NAME, owner.collection(), owner.object(), ORPHAN);
    }
    if (has(owner.object(), FOREGROUND)) {
      boolean blocked = dependents.stream().anyMatch(one -> blocks(one, owner.object()));
      if (!blocked) {
        cluster.removeFinalizer(NAME, owner.collection(), owner.object(), FOREGROUND);
      }
    }
  }

  private static boolean blocks(Found dependent, ObjectNode owner) {
    for (JsonNode reference : dependent.object().path("metadata").path("ownerReferences")) {
      if (Json.text(reference, "uid").equals(Json.uid(owner))) {
        return reference.path("blockOwnerDeletion").asBoolean(false);
      }
    }
    return false;
  }

  private static ObjectNode without(ObjectNode object, String owner) {
    List<JsonNode> left = new ArrayList<>();
    object
        .path("metadata")
        .path("ownerReferences")
        .forEach(
            reference -> {
              if (!Json.text(reference, "uid").equals(owner)) {
                left.add(reference);
              }
            });
    object.withObject("/metadata").putArray("ownerReferences").addAll(left);
    return object;
  }

  private static boolean has(ObjectNode object, String finalizer) {
    return Json.texts(object.path("metadata").path("finalizers")).contains(finalizer);
  }

  private List<String> collections() {
    return cluster.types().all().stream()
        .map(ResourceType::collection)
        .filter(collection -> !collection.isEmpty() && !collection.equals("events"))
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    queue.close();
  }
}
