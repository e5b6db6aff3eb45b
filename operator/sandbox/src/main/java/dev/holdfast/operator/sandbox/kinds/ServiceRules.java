package dev.holdfast.operator.sandbox.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.List;
import java.util.function.Supplier;

/** Services: defaults, an address at creation, which then stays. */
final class ServiceRules implements Rules {
  private final Supplier<String> address;

  ServiceRules(Supplier<String> address) {
    this.address = address;
  }

  @Override
  public void fillIn(ObjectNode service) {
    ObjectNode spec = Json.ensure(service, "spec");
    Json.putIfMissing(spec, "type", "ClusterIP");
    Json.putIfMissing(spec, "sessionAffinity", "None");
    Json.putIfMissing(spec, "internalTrafficPolicy", "Cluster");
    for (ObjectNode port : Json.objects(spec.path("ports"))) {
      Json.putIfMissing(port, "protocol", "TCP");
      Json.putIfMissing(port, "targetPort", port.path("port"));
    }
  }

  @Override
  public void onCreate(ObjectNode service) {
    ObjectNode spec = Json.ensure(service, "spec");
    if (Json.text(spec, "clusterIP").isEmpty()) {
      spec.put("clusterIP", address.get());
    }
    spec.putArray("clusterIPs").add(spec.get("clusterIP"));
    if (!spec.has("ipFamilies")) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    Json.putIfMissing(spec, "ipFamilyPolicy", "SingleStack");
    Json.ensure(service, "status", "loadBalancer");
  }

  @Override
  public void onUpdate(ObjectNode before, ObjectNode after) {
    for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      JsonNode old = before.path("spec").path(field);
      if (!old.isMissingNode()) {
        Json.putIfMissing(Json.ensure(after, "spec"), field, old);
      }
    }
  }

  @Override
  public List<Problem> validate(ObjectNode before, ObjectNode after) {
    if (before != null) {
      JsonNode old = before.path("spec").path("clusterIP");
      JsonNode now = after.path("spec").path("clusterIP");
      if (!old.equals(now)) {
        return List.of(
            Problem.invalid(
                "spec.clusterIPs[0]",
                after.path("spec").path("clusterIPs"),
                "may not change once set"));
      }
    }
    return List.of();
  }
}
