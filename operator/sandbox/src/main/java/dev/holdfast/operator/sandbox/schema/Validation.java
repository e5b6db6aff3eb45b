package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Checks objects against the schema of their definition, then against its CEL rules, in the words
 * of the real server. What is wrong but unchanged by an update is let through, as there.
 */
public final class Validation {
  /** What makes it pointless to run rules on an object. */
  private static final Set<String> BLOCKING =
      Set.of(
          "FieldValueNotSupported",
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid");

  private static final String RULES_NOT_CHECKED =
      "some validation rules were not checked because the object was invalid; correct the existing"
          + " errors to complete validation";

  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();
  private final CelRules cel = new CelRules();

  /**
   * What is wrong with an object of a custom resource; nothing for built-in kinds, whose rules are
   * code.
   *
   * @param before null when it is made
   */
  public List<Problem> validate(ObjectNode before, ObjectNode after, Schema schema) {
    if (schema.rules().isEmpty()) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    check(before, after, schema, "", problems);
    if (problems.stream().noneMatch(problem -> BLOCKING.contains(problem.reason()))) {
      cel.check(before, after, schema, "", problems);
    } else if (cel.hasRules(schema)) {
      problems.add(Problem.invalid("<nil>", "null", RULES_NOT_CHECKED));
    }
    return problems;
  }

  /** What is wrong with the CEL rules of a definition. */
  public static List<Problem> rulesOf(Schema schema, String path) {
    return CelRules.compileAll(schema, path);
  }

  /** Values of a wrong type anywhere in an object. */
  public List<Problem> types(ObjectNode object, Schema schema) {
    List<Problem> problems = new ArrayList<>();
    typesBelow(object, schema, "", problems);
    return problems;
  }

  private static void typesBelow(
      JsonNode value, Schema schema, String path, List<Problem> problems) {
    if (value.isNull()) {
      return;
    }
    if (!fits(value, schema)) {
      problems.add(mistyped(value, schema, path));
    } else if (value.isObject()) {
      value
          .properties()
          .forEach(
              entry -> {
                Schema field = schema.field(entry.getKey());
                if (field != null) {
                  typesBelow(entry.getValue(), field, join(path, entry.getKey()), problems);
                }
              });
    } else if (value.isArray() && schema.items() != null) {
      for (int i = 0; i < value.size(); i++) {
        typesBelow(value.get(i), schema.items(), path + "[" + i + "]", problems);
      }
    }
  }

  private void check(
      JsonNode before, JsonNode value, Schema schema, String path, List<Problem> problems) {
    if (value.equals(before)) {
      return;
    }
    ObjectNode rules = schema.rules();
    if (value.isNull() && rules.path("nullable").asBoolean(false)) {
      return;
    }
    if (!fits(value, schema)) {
      problems.add(mistyped(value, schema, path));
      checkEnum(value, rules, path, problems);
      return;
    }
    checkEnum(value, rules, path, problems);
    switch (value.getNodeType()) {
      case STRING -> checkText(value, rules, path, problems);
      case NUMBER -> checkNumber(value, rules, path, problems);
      case ARRAY -> checkList(before, value, schema, path, problems);
      case OBJECT -> checkObject(before, value, schema, path, problems);
      default -> {}
    }
  }

  private void checkObject(
      JsonNode before, JsonNode value, Schema schema, String path, List<Problem> problems) {
    ObjectNode rules = schema.rules();
    for (JsonNode name : rules.path("required")) {
      if (!value.has(name.asText())) {
        problems.add(Problem.required(join(path, name.asText())));
      }
    }
    long most = rules.path("maxProperties").asLong(Long.MAX_VALUE);
    if (value.size() > most) {
      problems.add(tooMany(path, value.size(), most));
    }
    long least = rules.path("minProperties").asLong(0);
    if (value.size() < least) {
      problems.add(
          Problem.invalid(
              path, value, path + " in body should have at least " + least + " properties"));
    }
    value
        .properties()
        .forEach(
            entry -> {
              Schema field = schema.field(entry.getKey());
              boolean named = schema.properties().containsKey(entry.getKey());
              if (field != null && !(path.isEmpty() && entry.getKey().equals("metadata"))) {
                String here = named ? join(path, entry.getKey()) : path + "." + entry.getKey();
                JsonNode old = before == null ? null : before.get(entry.getKey());
                check(old, entry.getValue(), field, here, problems);
              }
            });
  }

  private void checkList(
      JsonNode before, JsonNode value, Schema schema, String path, List<Problem> problems) {
    ObjectNode rules = schema.rules();
    long most = rules.path("maxItems").asLong(Long.MAX_VALUE);
    if (value.size() > most) {
      problems.add(tooMany(path, value.size(), most));
    }
    long least = rules.path("minItems").asLong(0);
    if (value.size() < least) {
      problems.add(
          Problem.invalid(
              path,
              Integer.toString(value.size()),
              path + " in body should have at least " + least + " items"));
    }
    checkUnique(value, schema, path, problems);
    for (int i = 0; i < value.size(); i++) {
      JsonNode old = before instanceof JsonNode list ? list.get(i) : null;
      if (schema.items() != null) {
        check(old, value.get(i), schema.items(), path + "[" + i + "]", problems);
      }
    }
  }

  private static void checkUnique(
      JsonNode value, Schema schema, String path, List<Problem> problems) {
    if (schema.listKind() == Schema.ListKind.ATOMIC) {
      return;
    }
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      JsonNode item = value.get(i);
      JsonNode identity = item;
      if (schema.listKind() == Schema.ListKind.MAP) {
        Map<String, JsonNode> keys = new LinkedHashMap<>();
        schema.mapKeys().forEach(key -> keys.put(key, item.path(key)));
        identity = Json.tree(keys);
      }
      if (!seen.add(identity)) {
        String here = path + "[" + i + "]";
        problems.add(Problem.of("FieldValueDuplicate", here, "Duplicate value: " + identity));
      }
    }
  }

  private void checkText(JsonNode value, ObjectNode rules, String path, List<Problem> problems) {
    String text = value.asText();
    int length = text.codePointCount(0, text.length());
    long most = rules.path("maxLength").asLong(Long.MAX_VALUE);
    if (length > most) {
      problems.add(
          Problem.of(
              "FieldValueTooLong", path, "Too long: may not be more than " + most + " bytes"));
    }
    long least = rules.path("minLength").asLong(0);
    if (length < least) {
      problems.add(
          Problem.invalid(
              path, value, path + " in body should be at least " + least + " chars long"));
    }
    String pattern = rules.path("pattern").asText("");
    if (!pattern.isEmpty()
        && !patterns.computeIfAbsent(pattern, Pattern::compile).matcher(text).find()) {
      problems.add(Problem.invalid(path, value, path + " in body should match '" + pattern + "'"));
    }
    String format = rules.path("format").asText("");
    if (!Formats.fits(format, text)) {
      problems.add(
          Problem.invalid(path, value, path + " in body must be of type " + format + ": " + value));
    }
  }

  private static void checkNumber(
      JsonNode value, ObjectNode rules, String path, List<Problem> problems) {
    BigDecimal number = value.decimalValue();
    if (rules.has("minimum")) {
      BigDecimal minimum = rules.get("minimum").decimalValue();
      boolean open = rules.path("exclusiveMinimum").asBoolean(false);
      int order = number.compareTo(minimum);
      if (order < 0 || (open && order == 0)) {
        String than = open ? "greater than " : "greater than or equal to ";
        problems.add(Problem.invalid(path, value, path + " in body should be " + than + minimum));
      }
    }
    if (rules.has("maximum")) {
      BigDecimal maximum = rules.get("maximum").decimalValue();
      boolean open = rules.path("exclusiveMaximum").asBoolean(false);
      int order = number.compareTo(maximum);
      if (order > 0 || (open && order == 0)) {
        String than = open ? "less than " : "less than or equal to ";
        problems.add(Problem.invalid(path, value, path + " in body should be " + than + maximum));
      }
    }
  }

  private static void checkEnum(
      JsonNode value, ObjectNode rules, String path, List<Problem> problems) {
    if (rules.has("enum")) {
      List<JsonNode> allowed = new ArrayList<>();
      rules.get("enum").forEach(allowed::add);
      if (!allowed.contains(value)) {
        problems.add(Problem.unsupported(path, value, allowed));
      }
    }
  }

  private static Problem tooMany(String path, int found, long most) {
    return Problem.of(
        "FieldValueTooMany", path, "Too many: " + found + ": must have at most " + most + " items");
  }

  private static boolean fits(JsonNode value, Schema schema) {
    return switch (schema.type()) {
      case OBJECT -> value.isObject();
      case ARRAY -> value.isArray();
      case STRING -> value.isTextual();
      case INTEGER -> value.isIntegralNumber() || (value.isNumber() && whole(value));
      case NUMBER -> value.isNumber();
      case BOOLEAN -> value.isBoolean();
      case INT_OR_STRING -> value.isTextual() || value.isIntegralNumber();
      case ANY -> true;
    };
  }

  private static boolean whole(JsonNode value) {
    return value.decimalValue().stripTrailingZeros().scale() <= 0;
  }

  private static Problem mistyped(JsonNode value, Schema schema, String path) {
    String found = typeOf(value);
    String wanted =
        schema.type() == Schema.Type.INT_OR_STRING
            ? "integer,string"
            : schema.rules().path("type").asText();
    return new Problem(
        "FieldValueTypeInvalid",
        path,
        "Invalid value: \""
            + found
            + "\": "
            + path
            + " in body must be of type "
            + wanted
            + ": \""
            + found
            + "\"");
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> "null";
    };
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
