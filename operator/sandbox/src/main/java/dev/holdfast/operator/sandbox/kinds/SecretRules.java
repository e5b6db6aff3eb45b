package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Secrets: {@code stringData} becomes {@code data}, the type does not change. */
final class SecretRules implements Rules {
  @Override
  public void fillIn(ObjectNode secret) {
    Json.putIfMissing(secret, "type", "Opaque");
    JsonNode texts = secret.remove("stringData");
    if (texts != null) {
      ObjectNode data = Json.ensure(secret, "data");
      texts
          .properties()
          .forEach(
              entry -> {
                byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
              });
    }
  }

  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    List<Problem> problems = new ArrayList<>(ConfigMapRules.immutableData(before, after));
    if (before != null && !before.path("type").equals(after.path("type"))) {
      problems.add(Problem.invalid("type", after.path("type"), "field is immutable"));
    }
    return problems;
  }
}
