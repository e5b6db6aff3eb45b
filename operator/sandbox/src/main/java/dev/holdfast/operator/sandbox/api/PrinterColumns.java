package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The printer columns of a custom resource definition. */
final class PrinterColumns {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.([A-Za-z0-9_-]+(?:\\\\.[A-Za-z0-9_/-]+)*)"
              + "|\\[\\?\\(@\\.([A-Za-z0-9_]+)\\s*==\\s*[\"']([^\"']*)[\"']\\)\\]"
              + "|\\[(\\d+)\\]|\\['([^']+)'\\]");

  private PrinterColumns() {}

  static List<Column> of(JsonNode declared) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : declared) {
      String path = column.path("jsonPath").asText();
      columns.add(
          new Column(
              column.path("name").asText(),
              column.path("type").asText("string"),
              column.path("format").asText(""),
              column.path("description").asText(""),
              column.path("priority").asInt(0),
              object -> cell(object, path, column.path("type").asText())));
    }
    if (columns.isEmpty()) {
      columns.add(
          new Column(
              "Age",
              "date",
              "",
              "",
              0,
              object -> cell(object, ".metadata.creationTimestamp", "date")));
    }
    return columns;
  }

  private static Object cell(JsonNode object, String path, String type) {
    JsonNode value = find(object, path);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return switch (type) {
      case "integer" -> value.isNumber() ? (Object) value.asLong() : null;
      case "number" -> value.isNumber() ? (Object) value.asDouble() : null;
      case "boolean" -> value.isBoolean() ? (Object) value.asBoolean() : null;
      case "date" -> Ages.since(value.asText());
      default -> value.isTextual() ? value.asText() : value.toString();
    };
  }

  /** The part of JSONPath that definitions use: fields, filters by equality, indexes. */
  static JsonNode find(JsonNode object, String path) {
    JsonNode here = object;
    Matcher step = STEP.matcher(path);
    while (step.find()) {
      if (step.group(1) != null) {
        here = here.path(step.group(1).replace("\\.", "."));
      } else if (step.group(2) != null) {
        here = filter(here, step.group(2), step.group(3));
      } else if (step.group(4) != null) {
        here = here.path(Integer.parseInt(step.group(4)));
      } else {
        here = here.path(step.group(5));
      }
    }
    return here;
  }

  private static JsonNode filter(JsonNode list, String field, String value) {
    for (JsonNode item : list) {
      if (Json.text(item, field).equals(value)) {
        return item;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
