package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Selector;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;

/** Says in every PodDisruptionBudget how many of its pods may go now. */
public final class BudgetController implements AutoCloseable {
  private static final String NAME = "disruption-controller";
  private static final String BUDGETS = "poddisruptionbudgets.policy";

  private final Cluster cluster;
  private final WorkQueue queue;

  /** Starts at once. */
  public BudgetController(Cluster cluster) {
    this.cluster = cluster;
    queue = new WorkQueue(NAME, this::reconcile);
    cluster.store().listen(this::follow);
    cluster.list(BUDGETS, "").forEach(budget -> queue.add(Json.namespace(budget)));
  }

  private void follow(Change change) {
    if (change.collection().equals(BUDGETS) || change.collection().equals("pods")) {
      queue.add(Json.namespace(change.object()));
    }
  }

  private void reconcile(String namespace) {
    for (ObjectNode budget : cluster.list(BUDGETS, namespace)) {
      var selected = Selector.of(budget.path("spec").path("selector"));
      int expected = 0;
      int healthy = 0;
      for (ObjectNode pod : cluster.list("pods", namespace)) {
        if (selected.test(pod)) {
          expected++;
          healthy += StatefulSetController.ready(pod) ? 1 : 0;
        }
      }
      report(budget, expected, healthy);
    }
  }

  private void report(ObjectNode budget, int expected, int healthy) {
    JsonNode spec = budget.path("spec");
    int desired =
        spec.has("maxUnavailable")
            ? Math.max(0, expected - share(spec.get("maxUnavailable"), expected))
            : share(spec.path("minAvailable"), expected);
    int allowed = expected == 0 ? 0 : Math.max(0, healthy - desired);
    long generation = budget.path("metadata").path("generation").asLong();
    cluster.changeStatus(
        NAME,
        BUDGETS,
        budget,
        status ->
            status
                .put("expectedPods", expected)
                .put("currentHealthy", healthy)
                .put("desiredHealthy", desired)
                .put("disruptionsAllowed", allowed)
                .put("observedGeneration", generation));
  }

  /** A number, or a part of the whole in percent, rounded up. */
  private static int share(JsonNode value, int whole) {
    String text = value.asText("0");
    return text.endsWith("%")
        ? Math.ceilDiv(Integer.parseInt(text.substring(0, text.length() - 1)) * whole, 100)
        : Integer.parseInt(text);
  }

  @Override
  public void close() {
    queue.close();
  }
}
