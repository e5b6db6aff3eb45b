package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@code x-kubernetes-validations} of a schema.
 *
 * <p>Rules are compiled without types, so a rule that the real server refuses for its types is only
 * noticed when it runs. Compiled rules are kept.
 */
final class CelRules {
  private final Map<String, Rule> compiled = new ConcurrentHashMap<>();

  /** CEL is loaded only by definitions that have rules. */
  private static final class Engine {
    static final CelOptions OPTIONS =
        CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    static final CelCompiler COMPILER =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                CelOptionalLibrary.INSTANCE, CelExtensions.strings(), CelExtensions.sets(OPTIONS))
            .addFunctionDeclarations(CelQuantity.declarations())
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .build();
    static final CelRuntime RUNTIME =
        CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(
                CelOptionalLibrary.INSTANCE, CelExtensions.strings(), CelExtensions.sets(OPTIONS))
            .addFunctionBindings(CelQuantity.bindings())
            .build();
  }

  /** A rule that can run, or why it cannot. */
  private record Rule(CelRuntime.Program program, String error) {}

  /** Whether a schema has any rule. */
  boolean hasRules(Schema schema) {
    return schema.rules().toString().contains("\"x-kubernetes-validations\"");
  }

  void check(JsonNode before, JsonNode value, Schema schema, String path, List<Problem> problems) {
    if (value == null || value.isNull()) {
      return;
    }
    for (ObjectNode rule :
        dev.holdfast.operator.sandbox.json.Json.objects(
            schema.rules().path("x-kubernetes-validations"))) {
      checkRule(rule, before, value, schema, path, problems);
    }
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              entry -> {
                Schema field = schema.field(entry.getKey());
                if (field != null && !(path.isEmpty() && entry.getKey().equals("metadata"))) {
                  JsonNode old = before == null ? null : before.get(entry.getKey());
                  String here = Validation.join(path, entry.getKey());
                  check(old, entry.getValue(), field, here, problems);
                }
              });
    } else if (value.isArray() && schema.items() != null) {
      for (int i = 0; i < value.size(); i++) {
        check(null, value.get(i), schema.items(), path + "[" + i + "]", problems);
      }
    }
  }

  private void checkRule(
      ObjectNode rule,
      JsonNode before,
      JsonNode value,
      Schema schema,
      String path,
      List<Problem> problems) {
    String expression = rule.path("rule").asText();
    boolean transition = expression.contains("oldSelf");
    boolean optionalOld = rule.path("optionalOldSelf").asBoolean(false);
    if (transition && before == null && !optionalOld) {
      return;
    }
    if (!transition && value.equals(before)) {
      return;
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", CelValues.of(value, schema));
    Object old = before == null ? null : CelValues.of(before, schema);
    variables.put(
        "oldSelf", optionalOld ? java.util.Optional.ofNullable(old) : old == null ? Map.of() : old);
    String why = rule.path("message").asText("failed rule: " + expression);
    try {
      Object outcome = run(expression, variables);
      if (Boolean.TRUE.equals(outcome)) {
        return;
      }
      String messageExpression = rule.path("messageExpression").asText("");
      if (!messageExpression.isEmpty()) {
        why = String.valueOf(run(messageExpression, variables));
      }
    } catch (CelEvaluationException e) {
      why = "rule evaluation failed: " + e.getMessage();
    }
    String field = path + rule.path("fieldPath").asText("");
    String where = field.startsWith(".") ? field.substring(1) : field;
    String shown = Problem.shown(value);
    problems.add(
        switch (rule.path("reason").asText("FieldValueInvalid")) {
          case "FieldValueForbidden" -> Problem.forbidden(where, why);
          case "FieldValueRequired" ->
              new Problem("FieldValueRequired", where, "Required value: " + why);
          case "FieldValueDuplicate" ->
              new Problem("FieldValueDuplicate", where, "Duplicate value: " + shown);
          default -> Problem.invalid(where, shown, why);
        });
  }

  private Object run(String expression, Map<String, Object> variables)
      throws CelEvaluationException {
    Rule rule = compiled.computeIfAbsent(expression, CelRules::compile);
    if (rule.program() == null) {
      throw new IllegalStateException("the rule '" + expression + "' is wrong: " + rule.error());
    }
    return rule.program().eval(variables);
  }

  private static Rule compile(String expression) {
    try {
      CelAbstractSyntaxTree ast = Engine.COMPILER.compile(expression).getAst();
      return new Rule(Engine.RUNTIME.createProgram(ast), "");
    } catch (CelValidationException | CelEvaluationException e) {
      return new Rule(null, e.getMessage());
    }
  }

  /** The first error in the rules of a schema, as the server says it of a definition. */
  static List<Problem> compileAll(Schema schema, String path) {
    List<Problem> problems = new ArrayList<>();
    int i = 0;
    for (JsonNode rule : schema.rules().path("x-kubernetes-validations")) {
      Rule result = compile(rule.path("rule").asText());
      if (result.program() == null) {
        String where = path + ".x-kubernetes-validations[" + i + "].rule";
        String shown = rule.path("rule").toString();
        problems.add(Problem.invalid(where, shown, "compilation failed: " + result.error()));
      }
      i++;
    }
    schema
        .properties()
        .forEach(
            (name, field) ->
                problems.addAll(compileAll(field, path + ".properties[" + name + "]")));
    if (schema.items() != null) {
      problems.addAll(compileAll(schema.items(), path + ".items"));
    }
    if (schema.additional() != null) {
      problems.addAll(compileAll(schema.additional(), path + ".additionalProperties"));
    }
    return problems;
  }
}
