package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.apply.ApplyConflict;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A request that failed, with the Status object that the client gets. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient ObjectNode status;

  private ApiError(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (details != null) {
      status.set("details", details);
    }
    status.put("code", code);
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The Status object. */
  public ObjectNode status() {
    return status;
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, "BadRequest", message, null);
  }

  static ApiError unauthorized() {
    return new ApiError(401, "Unauthorized", "Unauthorized", null);
  }

  /** The object is not there. */
  public static ApiError notFound(ResourceType type, String name) {
    return new ApiError(
        404, "NotFound", type.qualified() + " \"" + name + "\" not found", details(type, name));
  }

  static ApiError alreadyExists(ResourceType type, String name) {
    return new ApiError(
        409,
        "AlreadyExists",
        type.qualified() + " \"" + name + "\" already exists",
        details(type, name));
  }

  static ApiError conflict(ResourceType type, String name, String why) {
    return new ApiError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why,
        details(type, name));
  }

  /**
   * A deletion that was meant for another identity or version; names the kind, not the resource.
   */
  static ApiError notTheOneToDelete(ResourceType type, String name, String why) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new ApiError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind + " \"" + name + "\": " + why,
        details(type, name).put("kind", type.kind()));
  }

  static ApiError modified(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiError applyConflict(ApplyConflict conflict) {
    ObjectNode details = Json.object();
    ArrayNode causes = details.putArray("causes");
    conflict
        .conflicts()
        .forEach(
            one ->
                causes
                    .addObject()
                    .put("reason", "FieldManagerConflict")
                    .put("message", "conflict with " + one.manager())
                    .put("field", one.path()));
    return new ApiError(409, "Conflict", conflict.getMessage(), details);
  }

  static ApiError invalid(ResourceType type, String name, List<Problem> problems) {
    ObjectNode details = details(type, name).put("kind", type.kind());
    ArrayNode causes = details.putArray("causes");
    problems.forEach(
        problem ->
            causes
                .addObject()
                .put("reason", problem.reason())
                .put("message", problem.message())
                .put("field", problem.field()));
    String all =
        problems.size() == 1
            ? problems.getFirst().toString()
            : problems.stream().map(Problem::toString).collect(Collectors.joining(", ", "[", "]"));
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new ApiError(422, "Invalid", kind + " \"" + name + "\" is invalid: " + all, details);
  }

  static ApiError forbidden(ResourceType type, String name, String why) {
    return new ApiError(
        403,
        "Forbidden",
        type.qualified() + " \"" + name + "\" is forbidden: " + why,
        details(type, name));
  }

  static ApiError expired(String message) {
    return new ApiError(410, "Expired", message, null);
  }

  static ApiError unsupportedMedia(String message) {
    return new ApiError(415, "UnsupportedMediaType", message, null);
  }

  static ApiError notAllowed() {
    return new ApiError(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        null);
  }

  static ApiError tooManyRequests(String message) {
    return new ApiError(429, "TooManyRequests", message, null);
  }

  static ApiError internal(Throwable cause) {
    return new ApiError(500, "InternalError", "Internal error occurred: " + cause, null);
  }

  /** What the sandbox does not have. */
  static ApiError notImplemented(String what) {
    return new ApiError(
        501,
        "NotImplemented",
        what + ": the sandbox has only what Holdfast uses; a real cluster has the rest",
        null);
  }

  private static ObjectNode details(ResourceType type, String name) {
    ObjectNode details = Json.object().put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    return details.put("kind", type.plural());
  }
}
