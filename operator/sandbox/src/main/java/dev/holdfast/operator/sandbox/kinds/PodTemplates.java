package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.ArrayList;
import java.util.List;

/** The defaults of pods and pod templates, as the Kubernetes API reference states them. */
final class PodTemplates {
  private static final int FILE_MODE = 0644;

  private PodTemplates() {}

  static void fillIn(ObjectNode spec) {
    Json.putIfMissing(spec, "restartPolicy", "Always");
    Json.putIfMissing(spec, "terminationGracePeriodSeconds", 30);
    Json.putIfMissing(spec, "dnsPolicy", "ClusterFirst");
    Json.putIfMissing(spec, "schedulerName", "default-scheduler");
    Json.ensure(spec, "securityContext");
    Json.objects(spec.path("initContainers")).forEach(PodTemplates::fillInContainer);
    Json.objects(spec.path("containers")).forEach(PodTemplates::fillInContainer);
    Json.objects(spec.path("volumes")).forEach(PodTemplates::fillInVolume);
  }

  private static void fillInContainer(ObjectNode container) {
    String image = Json.text(container, "image");
    boolean latest =
        image.endsWith(":latest") || !image.substring(image.lastIndexOf('/') + 1).contains(":");
    Json.putIfMissing(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
    Json.putIfMissing(container, "terminationMessagePath", "/dev/termination-log");
    Json.putIfMissing(container, "terminationMessagePolicy", "File");
    ObjectNode resources = Json.ensure(container, "resources");
    resources
        .path("limits")
        .properties()
        .forEach(
            limit ->
                Json.putIfMissing(
                    Json.ensure(resources, "requests"), limit.getKey(), limit.getValue()));
    for (ObjectNode port : Json.objects(container.path("ports"))) {
      Json.putIfMissing(port, "protocol", "TCP");
    }
    for (ObjectNode variable : Json.objects(container.path("env"))) {
      if (variable.path("valueFrom").path("fieldRef") instanceof ObjectNode field) {
        Json.putIfMissing(field, "apiVersion", "v1");
      }
    }
    for (String name : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      if (container.path(name) instanceof ObjectNode probe) {
        Json.putIfMissing(probe, "timeoutSeconds", 1);
        Json.putIfMissing(probe, "periodSeconds", 10);
        Json.putIfMissing(probe, "successThreshold", 1);
        Json.putIfMissing(probe, "failureThreshold", 3);
        if (probe.path("httpGet") instanceof ObjectNode http) {
          Json.putIfMissing(http, "scheme", "HTTP");
          Json.putIfMissing(http, "path", "/");
        }
      }
    }
  }

  private static void fillInVolume(ObjectNode volume) {
    for (String kind : List.of("configMap", "secret", "projected", "downwardAPI")) {
      if (volume.path(kind) instanceof ObjectNode source) {
        Json.putIfMissing(source, "defaultMode", FILE_MODE);
      }
    }
    if (volume.size() == 1) {
      volume.putObject("emptyDir");
    }
  }

  static List<Problem> validate(JsonNode spec, String path) {
    List<Problem> problems = new ArrayList<>();
    List<String> volumes = new ArrayList<>();
    spec.path("volumes").forEach(volume -> volumes.add(Json.text(volume, "name")));
    if (spec.path("containers").isEmpty()) {
      problems.add(Problem.required(path + ".containers"));
    }
    int i = 0;
    for (JsonNode container : spec.path("containers")) {
      String here = path + ".containers[" + i++ + "]";
      if (Json.text(container, "name").isEmpty()) {
        problems.add(Problem.required(here + ".name"));
      }
      if (Json.text(container, "image").isEmpty()) {
        problems.add(Problem.required(here + ".image"));
      }
      int j = 0;
      for (JsonNode mount : container.path("volumeMounts")) {
        if (!volumes.contains(Json.text(mount, "name"))) {
          problems.add(
              new Problem(
                  "FieldValueNotFound",
                  here + ".volumeMounts[" + j + "].name",
                  "Not found: " + mount.path("name")));
        }
        j++;
      }
    }
    return problems;
  }
}
