package dev.holdfast.operator.api.v1alpha1;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the YAML of {@code crds/} from the Java types. What the generator has no annotation for is
 * added here: the conditions as a list keyed by type, one rule per refused directive, lengths of
 * map values (without which the API server refuses the rules as too expensive), and the width of
 * integers.
 */
final class CrdYaml {

  private static final List<String> COLUMNS =
      List.of("Ready", "Fsync", "AOF-Size", "Verdict", "Age", "Reason", "Last-Rewrite");

  private final Map<String, String> files = new TreeMap<>();

  /** File name below {@code crds/} to content. */
  static Map<String, String> all() {
    var yaml = new CrdYaml();
    var output = new Output();
    new CRDGenerator()
        .customResourceClasses(List.of(PersistentStore.class))
        .forCRDVersions("v1")
        .withMinQuotes(true)
        .withPostProcessor(new Finish())
        .withOutput(output)
        .generate();
    output.contents.forEach(
        (name, bytes) ->
            yaml.files.put(
                name.replace("-v1", "") + ".yaml",
                bytes
                    .toString(StandardCharsets.UTF_8)
                    .replaceFirst("^#.*\\n", "# Made from operator/api, see CrdYamlTest there.\n")
                    .replaceAll("(?m)^( *- )(True|False)$", "$1\"$2\"")));
    return yaml.files;
  }

  private static final class Output implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    private final Map<String, ByteArrayOutputStream> contents = new TreeMap<>();

    @Override
    public ByteArrayOutputStream outputFor(String crdName) throws IOException {
      var bytes = new ByteArrayOutputStream();
      contents.put(crdName, bytes);
      return bytes;
    }

    @Override
    public void close() {}
  }

  private static final class Finish implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String version) {
      var definition = (CustomResourceDefinition) crd;
      definition.getSpec().getNames().setCategories(List.of("all", "holdfast"));
      for (var each : definition.getSpec().getVersions()) {
        var root = each.getSchema().getOpenAPIV3Schema();
        finish(root);
        each.getAdditionalPrinterColumns()
            .sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
        conditions(root.getProperties().get("status").getProperties().get("conditions"));
        var spec = root.getProperties().get("spec").getProperties();
        config(spec.get("config"));
        var pod = spec.get("pod").getProperties();
        for (var map : List.of("labels", "annotations", "nodeSelector")) {
          limit(pod.get(map), 64, map.equals("annotations") ? 4096 : 253);
        }
        var resources = spec.get("resources").getProperties();
        for (var amounts : List.of("requests", "limits")) {
          resources.get(amounts).getProperties().get("cpu").setPattern(ResourcesSpec.CPU_PATTERN);
        }
      }
      return definition;
    }

    private static void conditions(JSONSchemaProps conditions) {
      conditions.setXKubernetesListType("map");
      conditions.setXKubernetesListMapKeys(List.of("type"));
    }

    private static void config(JSONSchemaProps config) {
      limit(config, 128, 1024);
      var rules = new ArrayList<ValidationRule>();
      rules.add(
          rule(
              "self.all(k, k.matches('^[a-z][a-z0-9-]*$'))",
              "config keys are directives as redis.conf has them: write them in lower case, such as maxmemory-policy"));
      rules.add(
          rule(
              "self.all(k, !self[k].matches('[\\\\x00-\\\\x1f\\\\x7f]'))",
              "config values must not have control characters: write each value on one line, without tabs"));
      ReservedDirectives.messages()
          .forEach((key, message) -> rules.add(rule("!('" + key + "' in self)", message)));
      config.setXKubernetesValidations(rules);
    }

    private static ValidationRule rule(String expression, String message) {
      return new ValidationRuleBuilder().withRule(expression).withMessage(message).build();
    }

    private static void limit(JSONSchemaProps map, long entries, long length) {
      map.setMaxProperties(entries);
      var value = map.getAdditionalProperties().getSchema();
      value.setMaxLength(length);
      map.setAdditionalProperties(new JSONSchemaPropsOrBool(null, value));
    }

    /**
     * Integers get the width of their Java type; a rule on a record's component comes twice, from
     * field and accessor.
     */
    private static void finish(JSONSchemaProps schema) {
      if ("integer".equals(schema.getType()) && schema.getFormat() == null) {
        schema.setFormat("int64");
      }
      if (schema.getXKubernetesValidations() != null) {
        schema.setXKubernetesValidations(
            new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
      }
      if (schema.getProperties() != null) {
        schema.getProperties().values().forEach(Finish::finish);
      }
      if (schema.getItems() != null && schema.getItems().getSchema() != null) {
        finish(schema.getItems().getSchema());
      }
    }
  }
}
