package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.api.Selector;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.ArrayList;
import java.util.List;

/** StatefulSets: defaults, and a spec of which only some fields can change. */
final class StatefulSetRules implements Rules {
  private static final List<String> CHANGEABLE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  @Override
  public void fillIn(ObjectNode set) {
    ObjectNode spec = Json.ensure(set, "spec");
    Json.putIfMissing(spec, "replicas", 1);
    Json.putIfMissing(spec, "podManagementPolicy", "OrderedReady");
    Json.putIfMissing(spec, "revisionHistoryLimit", 10);
    ObjectNode strategy = Json.ensure(spec, "updateStrategy");
    Json.putIfMissing(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      Json.putIfMissing(Json.ensure(strategy, "rollingUpdate"), "partition", 0);
    }
    ObjectNode retention = Json.ensure(spec, "persistentVolumeClaimRetentionPolicy");
    Json.putIfMissing(retention, "whenDeleted", "Retain");
    Json.putIfMissing(retention, "whenScaled", "Retain");
    PodTemplates.fillIn(Json.ensure(spec, "template", "spec"));
    for (ObjectNode claim : Json.objects(spec.path("volumeClaimTemplates"))) {
      claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
      Json.putIfMissing(Json.ensure(claim, "spec"), "volumeMode", "Filesystem");
      Json.ensure(claim, "status").put("phase", "Pending");
    }
  }

  @Override
  public void onCreate(ObjectNode set) {
    Json.ensure(set, "status").put("replicas", 0);
  }

  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    ObjectNode template = Json.ensure(after.deepCopy(), "spec", "template", "spec");
    for (ObjectNode claim : Json.objects(after.path("spec").path("volumeClaimTemplates"))) {
      template.withArray("volumes").addObject().put("name", Json.name(claim));
    }
    List<Problem> problems = new ArrayList<>(PodTemplates.validate(template, "spec.template.spec"));
    ObjectNode labelled = Json.object();
    labelled.set("metadata", Json.at(after, "spec", "template", "metadata"));
    if (!Selector.of(after.path("spec").path("selector")).test(labelled)) {
      problems.add(
          Problem.invalid(
              "spec.template.metadata.labels",
              Json.at(after, "spec", "template", "metadata", "labels").toString(),
              "`selector` does not match template `labels`"));
    }
    if (before != null && !unchanging(before).equals(unchanging(after))) {
      problems.add(
          Problem.forbidden(
              "spec",
              "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                  + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                  + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                  + " forbidden"));
    }
    return problems;
  }

  private static ObjectNode unchanging(ObjectNode set) {
    ObjectNode spec = Json.ensure(set.deepCopy(), "spec");
    spec.remove(CHANGEABLE);
    return spec;
  }
}
