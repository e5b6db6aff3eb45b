package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label selectors (equality and set based) and field selectors. */
public final class Selector {
  private static final Pattern SET =
      Pattern.compile("\\s*([^\\s,!=()]+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
  private static final Pattern EQUALITY =
      Pattern.compile("\\s*([^\\s,!=()]+)\\s*(==|!=|=)\\s*([^\\s,!=()]*)\\s*");
  private static final Pattern EXISTS = Pattern.compile("\\s*(!?)\\s*([^\\s,!=()]+)\\s*");

  private Selector() {}

  /** A test of an object's labels. */
  public static Predicate<JsonNode> labels(String text) {
    Predicate<JsonNode> all = labels -> true;
    for (String part : split(text)) {
      all = all.and(requirement(part));
    }
    Predicate<JsonNode> test = all;
    return object -> test.test(object.path("metadata").path("labels"));
  }

  /** A test by the {@code labelSelector} of an object, with matchLabels and matchExpressions. */
  public static Predicate<JsonNode> of(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(entry -> parts.add(entry.getKey() + "=" + entry.getValue().asText()));
    for (JsonNode expression : selector.path("matchExpressions")) {
      String key = expression.path("key").asText();
      String values = "(" + String.join(",", Json.texts(expression.path("values"))) + ")";
      parts.add(
          switch (expression.path("operator").asText()) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
          });
    }
    return labels(String.join(",", parts));
  }

  static Predicate<JsonNode> fields(String text, ResourceType type) {
    Predicate<JsonNode> all = object -> true;
    for (String part : split(text)) {
      Matcher matcher = EQUALITY.matcher(part);
      if (!matcher.matches()) {
        throw ApiError.badRequest("invalid field selector: " + part);
      }
      String[] path = path(matcher.group(1), type.selectable());
      boolean wanted = !matcher.group(2).equals("!=");
      String value = matcher.group(3);
      all = all.and(object -> Json.text(object, path).equals(value) == wanted);
    }
    return all;
  }

  private static String[] path(String name, Map<String, String[]> selectable) {
    return switch (name) {
      case "metadata.name" -> new String[] {"metadata", "name"};
      case "metadata.namespace" -> new String[] {"metadata", "namespace"};
      default -> {
        if (selectable.isEmpty()) {
          throw ApiError.badRequest(
              "\""
                  + name
                  + "\" is not a known field selector: only \"metadata.name\","
                  + " \"metadata.namespace\"");
        }
        if (!selectable.containsKey(name)) {
          throw ApiError.badRequest("field label not supported: " + name);
        }
        yield selectable.get(name);
      }
    };
  }

  private static Predicate<JsonNode> requirement(String part) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      List<String> values = Arrays.stream(set.group(3).split(",")).map(String::strip).toList();
      boolean in = set.group(2).equals("in");
      String key = set.group(1);
      return labels -> (labels.has(key) && values.contains(labels.get(key).asText())) == in;
    }
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      String key = equality.group(1);
      String value = equality.group(3);
      boolean wanted = !equality.group(2).equals("!=");
      return labels -> (labels.has(key) && labels.get(key).asText().equals(value)) == wanted;
    }
    Matcher exists = EXISTS.matcher(part);
    if (exists.matches()) {
      boolean wanted = exists.group(1).isEmpty();
      String key = exists.group(2);
      return labels -> labels.has(key) == wanted;
    }
    throw ApiError.badRequest(
        "unable to parse requirement: found '" + part + "', expected: a label selector");
  }

  /** At commas outside parentheses. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        if (!text.substring(from, i).isBlank()) {
          parts.add(text.substring(from, i));
        }
        from = i + 1;
      }
    }
    return parts;
  }
}
