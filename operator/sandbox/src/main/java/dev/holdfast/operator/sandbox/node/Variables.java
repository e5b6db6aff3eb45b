package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Quantity;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container's environment, from literals, its pod, ConfigMaps and Secrets. */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z0-9_.-]+)\\)");
  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]");

  private final ObjectNode pod;
  private final BiFunction<String, String, ObjectNode> find;

  /** Something that a container needs is not there. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  /**
   * Of one pod.
   *
   * @param find an object of the pod's namespace by collection and name, or null
   */
  Variables(ObjectNode pod, BiFunction<String, String, ObjectNode> find) {
    this.pod = pod;
    this.find = find;
  }

  Map<String, String> of(JsonNode container) throws Missing {
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode source : container.path("envFrom")) {
      String prefix = Json.text(source, "prefix");
      for (boolean secret : new boolean[] {false, true}) {
        JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
        if (reference.isObject()) {
          ObjectNode object = object(reference, secret);
          if (object != null) {
            for (Map.Entry<String, JsonNode> entry : object.path("data").properties()) {
              all.put(prefix + entry.getKey(), text(entry.getValue(), secret));
            }
          }
        }
      }
    }
    for (JsonNode variable : container.path("env")) {
      String value =
          variable.has("valueFrom")
              ? from(variable.get("valueFrom"), container)
              : expand(Json.text(variable, "value"), all);
      if (value != null) {
        all.put(Json.text(variable, "name"), value);
      }
    }
    return all;
  }

  /** Replaces {@code $(NAME)}; unknown names stay, {@code $$} is a dollar. */
  static String expand(String text, Map<String, String> variables) {
    Matcher matcher = REFERENCE.matcher(text);
    var result = new StringBuilder();
    while (matcher.find()) {
      String replacement =
          matcher.group(1) == null
              ? "$"
              : variables.getOrDefault(matcher.group(1), matcher.group());
      matcher.appendReplacement(result, Matcher.quoteReplacement(replacement));
    }
    return matcher.appendTail(result).toString();
  }

  private String from(JsonNode source, JsonNode container) throws Missing {
    if (source.has("fieldRef")) {
      return field(Json.text(source, "fieldRef", "fieldPath"));
    }
    if (source.has("resourceFieldRef")) {
      return resource(source.get("resourceFieldRef"), container);
    }
    boolean secret = source.has("secretKeyRef");
    JsonNode reference = source.path(secret ? "secretKeyRef" : "configMapKeyRef");
    ObjectNode object = object(reference, secret);
    String key = Json.text(reference, "key");
    if (object == null || !object.path("data").has(key)) {
      if (reference.path("optional").asBoolean(false)) {
        return null;
      }
      throw new Missing(
          "couldn't find key "
              + key
              + " in "
              + (secret ? "Secret " : "ConfigMap ")
              + Json.namespace(pod)
              + "/"
              + Json.text(reference, "name"));
    }
    return text(object.path("data").get(key), secret);
  }

  private ObjectNode object(JsonNode reference, boolean secret) throws Missing {
    String name = Json.text(reference, "name");
    ObjectNode object = find.apply(secret ? "secrets" : "configmaps", name);
    if (object == null && !reference.path("optional").asBoolean(false)) {
      throw new Missing((secret ? "secret" : "configmap") + " \"" + name + "\" not found");
    }
    return object;
  }

  private String field(String path) {
    Matcher subscript = SUBSCRIPT.matcher(path);
    if (subscript.matches()) {
      return Json.text(pod, "metadata", subscript.group(1), subscript.group(2));
    }
    return switch (path) {
      case "status.podIPs" -> Json.text(pod, "status", "podIP");
      case "status.hostIPs" -> Json.text(pod, "status", "hostIP");
      default -> Json.text(pod, path.split("\\."));
    };
  }

  private static String resource(JsonNode reference, JsonNode container) {
    String[] path = Json.text(reference, "resource").split("\\.", 2);
    String value = Json.text(container, "resources", path[0], path[1]);
    if (value.isEmpty()) {
      return "0";
    }
    String divisor = Json.text(reference, "divisor");
    Quantity unit =
        divisor.isEmpty() || divisor.equals("0") ? Quantity.parse("1") : Quantity.parse(divisor);
    return Quantity.parse(value)
        .value()
        .divide(unit.value(), 0, RoundingMode.CEILING)
        .toPlainString();
  }

  private static String text(JsonNode value, boolean encoded) {
    return encoded
        ? new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8)
        : value.asText();
  }
}
