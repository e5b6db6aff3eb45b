package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.ResourceType;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;
import java.util.List;

/**
 * Empties what is being deleted and holds other objects: namespaces, and definitions with their
 * resources. Gives every namespace its default service account.
 */
public final class NamespaceController implements AutoCloseable {
  private static final String NAME = "namespace-controller";
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
  private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final Cluster cluster;
  private final WorkQueue queue;

  /** Starts at once. */
  public NamespaceController(Cluster cluster) {
    this.cluster = cluster;
    queue = new WorkQueue(NAME, this::reconcile);
    cluster.store().listen(this::follow);
    cluster.list("namespaces", "").forEach(one -> queue.add("namespaces/" + Json.name(one)));
    cluster.list(DEFINITIONS, "").forEach(one -> queue.add(DEFINITIONS + "/" + Json.name(one)));
  }

  private void follow(Change change) {
    String collection = change.collection();
    if (collection.equals("namespaces") || collection.equals(DEFINITIONS)) {
      queue.add(collection + "/" + Json.name(change.object()));
    } else if (change.kind() == Change.Kind.DELETED) {
      queue.add("namespaces/" + Json.namespace(change.object()));
      queue.add(DEFINITIONS + "/" + collection);
    }
  }

  private void reconcile(String key) {
    String[] parts = key.split("/", 2);
    ObjectNode holder = cluster.find(parts[0], "", parts[1]);
    if (holder == null) {
      return;
    }
    if (parts[0].equals(DEFINITIONS)) {
      if (Json.terminating(holder) && empty(List.of(parts[1]), "")) {
        cluster.removeFinalizer(NAME, DEFINITIONS, holder, CLEANUP);
      }
    } else if (Json.terminating(holder)) {
      List<String> collections =
          cluster.types().all().stream()
              .filter(type -> type.namespaced() && !type.collection().isEmpty())
              .map(ResourceType::collection)
              .distinct()
              .toList();
      if (empty(collections, parts[1])) {
        cluster.store().remove("namespaces", "", parts[1]);
      }
    } else {
      ObjectNode account = Json.object();
      account.putObject("metadata").put("name", "default");
      cluster.create(NAME, "serviceaccounts", parts[1], account);
    }
  }

  /** Deletes everything there; true when nothing was left. */
  private boolean empty(List<String> collections, String namespace) {
    boolean empty = true;
    for (String collection : collections) {
      for (ObjectNode object : cluster.list(collection, namespace)) {
        empty = false;
        if (!Json.terminating(object)) {
          cluster.delete(collection, object);
        }
      }
    }
    return empty || collections.stream().allMatch(c -> cluster.list(c, namespace).isEmpty());
  }

  @Override
  public void close() {
    queue.close();
  }
}
