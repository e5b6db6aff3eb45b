package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** JSON as CEL sees it; field names that CEL cannot spell are escaped as Kubernetes does. */
final class CelValues {
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  private CelValues() {}

  static Object of(JsonNode value, Schema schema) {
    return switch (value.getNodeType()) {
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        value
            .properties()
            .forEach(
                entry -> {
                  String name = entry.getKey();
                  boolean field = schema != null && schema.properties().containsKey(name);
                  map.put(
                      field ? escape(name) : name,
                      of(entry.getValue(), schema == null ? null : schema.field(name)));
                });
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        value.forEach(item -> list.add(of(item, schema == null ? null : schema.items())));
        yield list;
      }
      case STRING -> value.asText();
      case BOOLEAN -> value.asBoolean();
      case NUMBER -> number(value, schema);
      default -> dev.cel.common.values.NullValue.NULL_VALUE;
    };
  }

  private static Object number(JsonNode value, Schema schema) {
    boolean real = schema != null && schema.type() == Schema.Type.NUMBER;
    if (value.isIntegralNumber() && !real) {
      return value.asLong();
    }
    return value.asDouble();
  }

  private static String escape(String name) {
    if (RESERVED.contains(name)) {
      return "__" + name + "__";
    }
    return name.replace("__", "__underscores__")
        .replace(".", "__dot__")
        .replace("-", "__dash__")
        .replace("/", "__slash__");
  }
}
