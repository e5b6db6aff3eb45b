package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The ways in which an object goes: at once, after its finalizers, or after a pod's grace period.
 */
final class Deletion {
  private final ObjectStore store;
  private final Clock clock;

  Deletion(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  ObjectNode delete(ResourceType type, ObjectNode before, DeleteOptions options) {
    long grace = grace(type, before, options);
    ObjectNode next = before.deepCopy();
    ObjectNode metadata = Json.ensure(next, "metadata");
    propagate(metadata, options.propagation());
    boolean pending =
        !next.path("metadata").path("finalizers").isEmpty()
            || !next.path("spec").path("finalizers").isEmpty();
    if (grace == 0 && !pending) {
      return store.remove(type.collection(), Json.namespace(before), Json.name(before));
    }
    boolean first = !metadata.has("deletionTimestamp");
    boolean sooner =
        metadata.has("deletionGracePeriodSeconds")
            && grace < metadata.get("deletionGracePeriodSeconds").asLong();
    if (first || sooner) {
      metadata.put(
          "deletionTimestamp",
          clock.instant().plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS).toString());
      metadata.put("deletionGracePeriodSeconds", grace);
      if (first && metadata.has("generation")) {
        metadata.put("generation", metadata.get("generation").asLong() + 1);
      }
      if (type.kind().equals("Namespace")) {
        Json.ensure(next, "status").put("phase", "Terminating");
      }
    }
    return next.equals(before) ? before : store.put(type.collection(), next);
  }

  /** Only a pod that runs somewhere is given time. */
  private static long grace(ResourceType type, ObjectNode object, DeleteOptions options) {
    boolean runs =
        type.kind().equals("Pod")
            && !Json.text(object, "spec", "nodeName").isEmpty()
            && !List.of("Succeeded", "Failed").contains(Json.text(object, "status", "phase"));
    if (!runs) {
      return 0;
    }
    return options.graceSeconds() != null
        ? options.graceSeconds()
        : object.path("spec").path("terminationGracePeriodSeconds").asLong(30);
  }

  private static void propagate(ObjectNode metadata, String propagation) {
    String finalizer =
        switch (propagation) {
          case "Orphan" -> "orphan";
          case "Foreground" -> "foregroundDeletion";
          default -> "";
        };
    if (!finalizer.isEmpty()) {
      ArrayNode finalizers = metadata.withArray("finalizers");
      if (!Json.texts(finalizers).contains(finalizer)) {
        finalizers.add(finalizer);
      }
    }
  }
}
