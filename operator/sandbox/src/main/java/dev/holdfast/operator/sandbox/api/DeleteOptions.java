package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.http.Request;
import dev.holdfast.operator.sandbox.json.Json;

/**
 * How to delete.
 *
 * @param graceSeconds null for what the object says
 * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}
 * @param uid only if the object has this; empty for any
 * @param resourceVersion only if the object has this; empty for any
 */
public record DeleteOptions(
    Long graceSeconds, String propagation, String uid, String resourceVersion, boolean dryRun) {

  /** Deletes whatever is there, as a controller does. */
  public static DeleteOptions background() {
    return new DeleteOptions(null, "Background", "", "", false);
  }

  /** Only the object with a uid. */
  public DeleteOptions onlyUid(String wanted) {
    return new DeleteOptions(graceSeconds, propagation, wanted, resourceVersion, dryRun);
  }

  /** With another grace period. */
  public DeleteOptions within(long seconds) {
    return new DeleteOptions(seconds, propagation, uid, resourceVersion, dryRun);
  }

  static DeleteOptions of(Request request, JsonNode body) {
    JsonNode grace = body.path("gracePeriodSeconds");
    String graceParameter = request.parameter("gracePeriodSeconds", "");
    Long seconds = grace.isNumber() ? Long.valueOf(grace.asLong()) : null;
    if (!graceParameter.isEmpty()) {
      seconds = Long.valueOf(graceParameter);
    }
    String propagation = Json.text(body, "propagationPolicy");
    if (propagation.isEmpty()) {
      boolean orphan = body.path("orphanDependents").asBoolean(false);
      propagation = request.parameter("propagationPolicy", orphan ? "Orphan" : "Background");
    }
    boolean dryRun =
        request.parameter("dryRun", "").equals("All")
            || Json.texts(body.path("dryRun")).contains("All");
    return new DeleteOptions(
        seconds,
        propagation,
        Json.text(body, "preconditions", "uid"),
        Json.text(body, "preconditions", "resourceVersion"),
        dryRun);
  }
}
