package dev.holdfast.operator.store.observe;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import java.util.Map;

/**
 * Names and labels of what belongs to a store. They are promises to clients and to claims, and
 * never change.
 */
public record Names(String namespace, String store) {

  /** The label that all objects of all stores bear; the operator watches nothing else. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Value of {@link #MANAGED_BY}, and the operator's field manager. */
  public static final String OPERATOR = "holdfast-operator";

  /** The label that names the store. */
  public static final String INSTANCE = "app.kubernetes.io/instance";

  private static final String NAME = "app.kubernetes.io/name";

  /** The names for a store. */
  public static Names of(PersistentStore store) {
    return new Names(store.getMetadata().getNamespace(), store.getMetadata().getName());
  }

  /** Service that clients connect to. */
  public String service() {
    return store;
  }

  /** Service that gives pods their names. */
  public String headlessService() {
    return store + "-headless";
  }

  /** Folder of {@code redis.conf}. */
  public String configMap() {
    return store + "-config";
  }

  /** Credentials. */
  public String secret() {
    return store + "-auth";
  }

  /** The set that runs the pod. */
  public String statefulSet() {
    return store;
  }

  /** Disruption budget. */
  public String disruptionBudget() {
    return store;
  }

  /** The pod. */
  public String pod() {
    return store + "-0";
  }

  /** The claim, in the form that the set expects for its volume {@code data}. */
  public String claim() {
    return "data-" + pod();
  }

  /** Name of the client Service inside the cluster. */
  public String host() {
    return service() + "." + namespace + ".svc";
  }

  /** Labels of every object of the store. */
  public Map<String, String> labels() {
    return Map.of(
        NAME,
        "holdfast-store",
        INSTANCE,
        store,
        MANAGED_BY,
        OPERATOR,
        "app.kubernetes.io/component",
        "store");
  }

  /** Labels that select the store's pods. */
  public Map<String, String> selector() {
    return Map.of(NAME, "holdfast-store", INSTANCE, store);
  }
}
