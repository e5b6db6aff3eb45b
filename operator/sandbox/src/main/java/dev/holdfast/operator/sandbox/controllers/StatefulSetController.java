package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs StatefulSets: pods in order, their claims, rolling updates or on deletion only.
 *
 * <p>New pods always get the present template; a partition holds back updates, not new pods.
 */
public final class StatefulSetController implements AutoCloseable {
  static final String SETS = "statefulsets.apps";
  private static final String NAME = "statefulset-controller";
  private static final String REVISION = "controller-revision-hash";

  /** Whoever waits for a pod to go must be able to see that before its successor is there. */
  private static final Duration SUCCESSOR_AFTER = Duration.ofMillis(250);

  private final Cluster cluster;
  private final WorkQueue queue;

  /** Starts at once. */
  public StatefulSetController(Cluster cluster) {
    this.cluster = cluster;
    queue = new WorkQueue(NAME, this::reconcile);
    cluster.store().listen(this::follow);
    cluster.list(SETS, "").forEach(set -> queue.add(key(set)));
  }

  private void follow(Change change) {
    if (change.collection().equals(SETS)) {
      queue.add(key(change.object()));
    } else if (change.collection().equals("pods")) {
      for (JsonNode owner : change.object().path("metadata").path("ownerReferences")) {
        if (Json.text(owner, "kind").equals("StatefulSet")) {
          String key = Json.namespace(change.object()) + "/" + Json.text(owner, "name");
          boolean gone = change.kind() == Change.Kind.DELETED;
          queue.addAfter(key, gone ? SUCCESSOR_AFTER : Duration.ZERO);
        }
      }
    }
  }

  private void reconcile(String key) {
    String[] parts = key.split("/");
    ObjectNode set = cluster.find(SETS, parts[0], parts[1]);
    if (set == null || Json.terminating(set)) {
      return;
    }
    Map<Integer, ObjectNode> pods = pods(set);
    String revision = StatefulSetPods.revision(set);
    keepClaimOwners(set, pods);
    boolean settled = fill(set, pods, revision) && shrink(set, pods);
    if (settled) {
      update(set, pods, revision);
    }
    report(set, pods(set), revision);
  }

  private Map<Integer, ObjectNode> pods(ObjectNode set) {
    Map<Integer, ObjectNode> pods = new TreeMap<>();
    for (ObjectNode pod : cluster.list("pods", Json.namespace(set))) {
      for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
        if (Json.text(owner, "uid").equals(Json.uid(set))) {
          String name = Json.name(pod);
          pods.put(Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)), pod);
        }
      }
    }
    return pods;
  }

  private void keepClaimOwners(ObjectNode set, Map<Integer, ObjectNode> pods) {
    boolean wanted = StatefulSetPods.deletesClaims(set);
    for (int ordinal : pods.keySet()) {
      for (ObjectNode desired : StatefulSetPods.claims(set, ordinal)) {
        ObjectNode claim =
            cluster.find("persistentvolumeclaims", Json.namespace(set), Json.name(desired));
        if (claim != null && ownedBySet(claim, set) != wanted) {
          cluster.change(
              NAME,
              "persistentvolumeclaims",
              claim,
              latest -> {
                List<JsonNode> owners = new ArrayList<>();
                latest
                    .path("metadata")
                    .path("ownerReferences")
                    .forEach(
                        owner -> {
                          if (!Json.text(owner, "uid").equals(Json.uid(set))) {
                            owners.add(owner);
                          }
                        });
                if (wanted) {
                  StatefulSetPods.ownedBy(set, false).forEach(owners::add);
                }
                latest.withObject("/metadata").putArray("ownerReferences").addAll(owners);
                return latest;
              });
        }
      }
    }
  }

  private static boolean ownedBySet(ObjectNode claim, ObjectNode set) {
    for (JsonNode owner : claim.path("metadata").path("ownerReferences")) {
      if (Json.text(owner, "uid").equals(Json.uid(set))) {
        return true;
      }
    }
    return false;
  }

  /** Makes missing pods; false while one has to be waited for. */
  private boolean fill(ObjectNode set, Map<Integer, ObjectNode> pods, String revision) {
    boolean ordered = !Json.text(set, "spec", "podManagementPolicy").equals("Parallel");
    boolean complete = true;
    for (int ordinal = 0; ordinal < replicas(set); ordinal++) {
      ObjectNode pod = pods.get(ordinal);
      if (pod == null) {
        for (ObjectNode claim : StatefulSetPods.claims(set, ordinal)) {
          cluster.create(NAME, "persistentvolumeclaims", Json.namespace(set), claim);
        }
        String name = StatefulSetPods.podName(set, ordinal);
        if (cluster.find("pods", Json.namespace(set), name) == null) {
          ObjectNode made = StatefulSetPods.pod(set, ordinal, revision);
          cluster.create(NAME, "pods", Json.namespace(set), made);
          cluster.event(
              NAME,
              set,
              "Normal",
              "SuccessfulCreate",
              "create Pod " + name + " in StatefulSet " + Json.name(set) + " successful");
        }
        complete = false;
      } else if (ended(pod)) {
        cluster.delete("pods", pod);
        complete = false;
      } else if (!ready(pod)) {
        complete = false;
      }
      if (ordered && !complete) {
        return false;
      }
    }
    return complete;
  }

  /** Removes pods beyond the wanted number, the last one first; false while one is going. */
  private boolean shrink(ObjectNode set, Map<Integer, ObjectNode> pods) {
    int replicas = replicas(set);
    return pods.entrySet().stream()
        .filter(entry -> entry.getKey() >= replicas)
        .max(Comparator.comparing(Map.Entry::getKey))
        .map(
            last -> {
              if (!Json.terminating(last.getValue())) {
                cluster.delete("pods", last.getValue());
              }
              return false;
            })
        .orElse(true);
  }

  /** Replaces one pod of another revision, the last one first. */
  private void update(ObjectNode set, Map<Integer, ObjectNode> pods, String revision) {
    JsonNode strategy = set.path("spec").path("updateStrategy");
    if (!Json.text(strategy, "type").equals("RollingUpdate")) {
      return;
    }
    int partition = strategy.path("rollingUpdate").path("partition").asInt(0);
    for (int ordinal = replicas(set) - 1; ordinal >= partition; ordinal--) {
      ObjectNode pod = pods.get(ordinal);
      if (!Json.text(pod, "metadata", "labels", REVISION).equals(revision)) {
        cluster.delete("pods", pod);
        return;
      }
    }
  }

  private void report(ObjectNode set, Map<Integer, ObjectNode> pods, String revision) {
    int ready = 0;
    int updated = 0;
    for (ObjectNode pod : pods.values()) {
      ready += ready(pod) ? 1 : 0;
      boolean present = Json.text(pod, "metadata", "labels", REVISION).equals(revision);
      updated += present && !Json.terminating(pod) ? 1 : 0;
    }
    int readyNow = ready;
    int updatedNow = updated;
    cluster.changeStatus(
        NAME,
        SETS,
        set,
        status -> {
          status.put("observedGeneration", set.path("metadata").path("generation").asLong());
          status.put("replicas", pods.size());
          count(status, "readyReplicas", readyNow);
          count(status, "updatedReplicas", updatedNow);
          status.put("availableReplicas", readyNow);
          status.put("updateRevision", revision);
          boolean done = updatedNow == pods.size() && pods.size() == replicas(set);
          String current = Json.text(status, "currentRevision");
          if (current.isEmpty() || (done && readyNow == updatedNow)) {
            current = revision;
          }
          status.put("currentRevision", current);
          String held = current;
          long currentPods =
              pods.values().stream()
                  .filter(pod -> Json.text(pod, "metadata", "labels", REVISION).equals(held))
                  .count();
          count(status, "currentReplicas", (int) currentPods);
          status.put("collisionCount", 0);
        });
  }

  private static void count(ObjectNode status, String field, int value) {
    if (value == 0) {
      status.remove(field);
    } else {
      status.put(field, value);
    }
  }

  private static int replicas(ObjectNode set) {
    return set.path("spec").path("replicas").asInt(1);
  }

  private static boolean ended(ObjectNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return !Json.terminating(pod) && (phase.equals("Failed") || phase.equals("Succeeded"));
  }

  static boolean ready(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (Json.text(condition, "type").equals("Ready")) {
        return Json.text(condition, "status").equals("True") && !Json.terminating(pod);
      }
    }
    return false;
  }

  private static String key(ObjectNode set) {
    return Json.namespace(set) + "/" + Json.name(set);
  }

  @Override
  public void close() {
    queue.close();
  }
}
