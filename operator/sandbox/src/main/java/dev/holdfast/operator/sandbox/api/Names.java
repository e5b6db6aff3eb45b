package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What objects may be called. */
final class Names {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Set<String> LABELS = Set.of("Namespace", "Service");

  private Names() {}

  static List<Problem> check(ResourceType type, ObjectNode object) {
    String name = Json.name(object);
    if (name.isEmpty()) {
      return List.of(
          new Problem(
              "FieldValueRequired",
              "metadata.name",
              "Required value: name or generateName is required"));
    }
    boolean label = LABELS.contains(type.kind());
    boolean good =
        label
            ? name.length() <= 63 && LABEL.matcher(name).matches()
            : name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
    String why =
        label
            ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
                + " and must start and end with an alphanumeric character"
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                + " '-' or '.', and must start and end with an alphanumeric character";
    return good
        ? List.of()
        : List.of(Problem.invalid("metadata.name", TextNode.valueOf(name), why));
  }
}
