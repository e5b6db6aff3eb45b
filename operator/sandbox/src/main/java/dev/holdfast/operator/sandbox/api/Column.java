package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * One column of {@code kubectl get}.
 *
 * @param type {@code string}, {@code integer}, {@code date} …
 * @param priority 0 is always shown, more only with {@code -o wide}
 * @param value the cell: text, number or null
 */
public record Column(
    String name,
    String type,
    String format,
    String description,
    int priority,
    Function<JsonNode, Object> value) {

  /** A plain text column that is always shown. */
  public static Column text(String name, Function<JsonNode, Object> value) {
    return new Column(name, "string", "", "", 0, value);
  }

  /** A text column of {@code -o wide}. */
  public static Column wide(String name, Function<JsonNode, Object> value) {
    return new Column(name, "string", "", "", 1, value);
  }
}
