package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an object, in the words of the real API server.
 *
 * @param reason the cause's machine-readable word, for example {@code FieldValueInvalid}
 * @param field the path, for example {@code spec.storage.size}
 */
public record Problem(String reason, String field, String message) {

  /** A value that is not allowed. */
  public static Problem invalid(String field, JsonNode value, String why) {
    return new Problem("FieldValueInvalid", field, "Invalid value: " + shown(value) + ": " + why);
  }

  /** A value that is not allowed, shown by the given text. */
  public static Problem invalid(String field, String shown, String why) {
    return new Problem("FieldValueInvalid", field, "Invalid value: " + shown + ": " + why);
  }

  /** A value that must be there. */
  public static Problem required(String field) {
    return new Problem("FieldValueRequired", field, "Required value");
  }

  /** Something that must not be done. */
  public static Problem forbidden(String field, String why) {
    return new Problem("FieldValueForbidden", field, "Forbidden: " + why);
  }

  /** A value outside an enumeration. */
  public static Problem unsupported(String field, JsonNode value, List<JsonNode> supported) {
    String list = supported.stream().map(JsonNode::toString).collect(Collectors.joining(", "));
    return new Problem(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + value + ": supported values: " + list);
  }

  static Problem of(String reason, String field, String message) {
    return new Problem(reason, field, message);
  }

  /** Scalars are shown as they are, the rest by what they are. */
  static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "\"object\"";
      case ARRAY -> "\"array\"";
      case NULL, MISSING -> "\"null\"";
      default -> value.toString();
    };
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
