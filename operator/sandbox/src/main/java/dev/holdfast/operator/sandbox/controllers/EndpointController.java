package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Selector;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;

/**
 * Lists the pods behind every service in one EndpointSlice, which {@code kubectl describe} shows.
 */
public final class EndpointController implements AutoCloseable {
  private static final String NAME = "endpointslice-controller";
  private static final String SLICES = "endpointslices.discovery.k8s.io";

  private final Cluster cluster;
  private final WorkQueue queue;

  /** Starts at once. */
  public EndpointController(Cluster cluster) {
    this.cluster = cluster;
    queue = new WorkQueue(NAME, this::reconcile);
    cluster.store().listen(this::follow);
    cluster.list("services", "").forEach(service -> queue.add(Json.namespace(service)));
  }

  private void follow(Change change) {
    if (change.collection().equals("services") || change.collection().equals("pods")) {
      queue.add(Json.namespace(change.object()));
    }
  }

  private void reconcile(String namespace) {
    for (ObjectNode service : cluster.list("services", namespace)) {
      if (!service.path("spec").path("selector").isEmpty() && !Json.terminating(service)) {
        ObjectNode slice = slice(service);
        ObjectNode present = cluster.find(SLICES, namespace, Json.name(slice));
        if (present == null) {
          cluster.create(NAME, SLICES, namespace, slice);
        } else {
          cluster.change(
              NAME,
              SLICES,
              present,
              latest -> {
                latest.set("endpoints", slice.get("endpoints"));
                latest.set("ports", slice.get("ports"));
                return latest;
              });
        }
      }
    }
  }

  private ObjectNode slice(ObjectNode service) {
    ObjectNode slice = Json.object();
    ObjectNode metadata = slice.putObject("metadata");
    metadata.put("name", Json.name(service)).put("namespace", Json.namespace(service));
    metadata.putObject("labels").put("kubernetes.io/service-name", Json.name(service));
    ObjectNode owner = metadata.putArray("ownerReferences").addObject();
    owner.put("apiVersion", "v1").put("kind", "Service").put("name", Json.name(service));
    owner.put("uid", Json.uid(service)).put("controller", true);
    slice.put("addressType", "IPv4");
    ArrayNode endpoints = slice.putArray("endpoints");
    ObjectNode selector = Json.object();
    selector.set("matchLabels", service.path("spec").path("selector"));
    var selected = Selector.of(selector);
    for (ObjectNode pod : cluster.list("pods", Json.namespace(service))) {
      String address = Json.text(pod, "status", "podIP");
      if (selected.test(pod) && !address.isEmpty()) {
        ObjectNode endpoint = endpoints.addObject();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions").put("ready", StatefulSetController.ready(pod));
        ObjectNode target = endpoint.putObject("targetRef").put("kind", "Pod");
        target.put("namespace", Json.namespace(pod)).put("name", Json.name(pod));
        target.put("uid", Json.uid(pod));
      }
    }
    ArrayNode ports = slice.putArray("ports");
    for (JsonNode port : service.path("spec").path("ports")) {
      ObjectNode entry = ports.addObject().put("name", Json.text(port, "name"));
      entry.put("protocol", "TCP");
      entry.set("port", port.path(port.path("targetPort").isNumber() ? "targetPort" : "port"));
    }
    return slice;
  }

  @Override
  public void close() {
    queue.close();
  }
}
