package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.View;
import java.util.Map;

/** Events are stored in the form of the core group; {@code events.k8s.io} has other names. */
final class EventViews {
  private static final Map<String, String> NEW_NAMES =
      Map.of(
          "involvedObject", "regarding",
          "message", "note",
          "source", "deprecatedSource",
          "firstTimestamp", "deprecatedFirstTimestamp",
          "lastTimestamp", "deprecatedLastTimestamp",
          "count", "deprecatedCount",
          "reportingComponent", "reportingController");

  static final View CORE =
      new View() {
        @Override
        public ObjectNode show(ObjectNode stored) {
          return stored.path("apiVersion").asText().equals("v1")
              ? stored
              : stored.deepCopy().put("apiVersion", "v1");
        }
      };

  static final View NEW =
      new View() {
        @Override
        public ObjectNode show(ObjectNode stored) {
          ObjectNode shown = stored.deepCopy().put("apiVersion", "events.k8s.io/v1");
          NEW_NAMES.forEach((core, other) -> rename(shown, core, other));
          return shown;
        }

        @Override
        public ObjectNode take(ObjectNode shown) {
          ObjectNode stored = shown.deepCopy();
          NEW_NAMES.forEach((core, other) -> rename(stored, other, core));
          return stored;
        }
      };

  private EventViews() {}

  private static void rename(ObjectNode object, String from, String to) {
    JsonNode value = object.remove(from);
    if (value != null) {
      object.set(to, value);
    }
  }
}
