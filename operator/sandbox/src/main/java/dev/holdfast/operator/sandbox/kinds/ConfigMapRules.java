package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.List;

/** An immutable ConfigMap stays as it is. */
final class ConfigMapRules implements Rules {
  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    return immutableData(before, after);
  }

  static List<Problem> immutableData(ObjectNode before, ObjectNode after) {
    boolean fixed = before != null && before.path("immutable").asBoolean(false);
    boolean same =
        fixed
            && before.path("data").equals(after.path("data"))
            && after.path("immutable").asBoolean(false);
    return fixed && !same
        ? List.of(Problem.forbidden("data", "field is immutable when `immutable` is set"))
        : List.of();
  }
}
