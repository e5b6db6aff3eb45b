package dev.holdfast.operator.sandbox.kinds;

import dev.holdfast.operator.sandbox.api.Column;
import dev.holdfast.operator.sandbox.api.ResourceType;
import dev.holdfast.operator.sandbox.api.Rules;
import dev.holdfast.operator.sandbox.api.View;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.BuiltinSchemas;
import dev.holdfast.operator.sandbox.schema.Schema;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The built-in kinds that the sandbox has: those that Holdfast uses. */
public final class Builtins {
  private Builtins() {}

  /**
   * All of them.
   *
   * @param serviceAddress hands out an address for a new service
   */
  public static List<ResourceType> all(Supplier<String> serviceAddress) {
    return List.of(
        core(ConfigMap.class, "configmaps", "cm")
            .rules(new ConfigMapRules())
            .columns(Columns.CONFIG_MAP)
            .build(),
        core(Event.class, "events", "ev")
            .view(EventViews.CORE)
            .columns(Columns.EVENT)
            .selectable(Selectable.CORE_EVENT)
            .build(),
        core(Namespace.class, "namespaces", "ns")
            .ofCluster()
            .status()
            .rules(new NamespaceRules())
            .columns(Columns.NAMESPACE)
            .selectable(Selectable.PHASE)
            .build(),
        core(Node.class, "nodes", "no").ofCluster().status().columns(Columns.NODE).build(),
        core(PersistentVolumeClaim.class, "persistentvolumeclaims", "pvc")
            .status()
            .rules(new ClaimRules())
            .columns(Columns.CLAIM)
            .build(),
        core(PersistentVolume.class, "persistentvolumes", "pv")
            .ofCluster()
            .status()
            .rules(new VolumeRules())
            .columns(Columns.VOLUME)
            .build(),
        core(Pod.class, "pods", "po")
            .status()
            .generation()
            .categories("all")
            .rules(new PodRules())
            .columns(Columns.POD)
            .selectable(Selectable.POD)
            .build(),
        core(Secret.class, "secrets")
            .rules(new SecretRules())
            .columns(Columns.SECRET)
            .selectable(Map.of("type", new String[] {"type"}))
            .build(),
        core(ServiceAccount.class, "serviceaccounts", "sa").columns(Columns.AGE_ONLY).build(),
        core(Service.class, "services", "svc")
            .status()
            .categories("all")
            .rules(new ServiceRules(serviceAddress))
            .columns(Columns.SERVICE)
            .build(),
        new Builder(StatefulSet.class, "apps", "statefulsets", "sts")
            .status()
            .generation()
            .categories("all")
            .rules(new StatefulSetRules())
            .columns(Columns.STATEFUL_SET)
            .build(),
        new Builder(PodDisruptionBudget.class, "policy", "poddisruptionbudgets", "pdb")
            .status()
            .generation()
            .columns(Columns.BUDGET)
            .build(),
        new Builder(StorageClass.class, "storage.k8s.io", "storageclasses", "sc")
            .ofCluster()
            .rules(new StorageClassRules())
            .columns(Columns.STORAGE_CLASS)
            .build(),
        new Builder(Lease.class, "coordination.k8s.io", "leases").columns(Columns.LEASE).build(),
        new Builder(EndpointSlice.class, "discovery.k8s.io", "endpointslices")
            .generation()
            .columns(Columns.ENDPOINT_SLICE)
            .build(),
        new Builder(Event.class, "events.k8s.io", "events", "ev")
            .storedAs("events")
            .view(EventViews.NEW)
            .columns(Columns.EVENT)
            .selectable(Selectable.NEW_EVENT)
            .build(),
        new Builder(
                CustomResourceDefinition.class,
                "apiextensions.k8s.io",
                "customresourcedefinitions",
                "crd",
                "crds")
            .ofCluster()
            .status()
            .generation()
            .rules(new DefinitionRules())
            .columns(Columns.DEFINITION)
            .build(),
        new Builder(Object.class, "authorization.k8s.io", "selfsubjectaccessreviews")
            .ofCluster()
            .storedAs("")
            .named("SelfSubjectAccessReview")
            .build(),
        new Builder(Object.class, "authorization.k8s.io", "selfsubjectrulesreviews")
            .ofCluster()
            .storedAs("")
            .named("SelfSubjectRulesReview")
            .build());
  }

  private static Builder core(Class<?> model, String plural, String... shortNames) {
    return new Builder(model, "", plural, shortNames);
  }

  private static final class Builder {
    private final String group;
    private final String plural;
    private final List<String> shortNames;
    private final Schema schema;
    private String kind;
    private String collection;
    private List<String> categories = List.of();
    private boolean namespaced = true;
    private boolean status;
    private boolean generation;
    private Rules rules = Rules.NONE;
    private List<Column> columns = Columns.AGE_ONLY;
    private Map<String, String[]> selectable = Map.of();
    private View view = View.SAME;

    Builder(Class<?> model, String group, String plural, String... shortNames) {
      this.group = group;
      this.plural = plural;
      this.shortNames = List.of(shortNames);
      schema = BuiltinSchemas.of(model);
      kind = model.getSimpleName();
      collection = group.isEmpty() ? plural : plural + "." + group;
    }

    Builder ofCluster() {
      namespaced = false;
      return this;
    }

    Builder status() {
      status = true;
      return this;
    }

    Builder generation() {
      generation = true;
      return this;
    }

    Builder named(String name) {
      kind = name;
      return this;
    }

    Builder storedAs(String name) {
      collection = name;
      return this;
    }

    Builder categories(String... names) {
      categories = List.of(names);
      return this;
    }

    Builder rules(Rules own) {
      rules = own;
      return this;
    }

    Builder columns(List<Column> own) {
      columns = own;
      return this;
    }

    Builder selectable(Map<String, String[]> fields) {
      selectable = new LinkedHashMap<>(fields);
      return this;
    }

    Builder view(View own) {
      view = own;
      return this;
    }

    ResourceType build() {
      return new ResourceType(
          group,
          "v1",
          plural,
          kind.toLowerCase(Locale.ROOT),
          kind,
          shortNames,
          categories,
          namespaced,
          status,
          generation,
          false,
          collection,
          schema,
          rules,
          columns,
          selectable,
          view);
    }
  }

  /** Field selectors by kind. */
  private static final class Selectable {
    static final Map<String, String[]> PHASE =
        Map.of("status.phase", new String[] {"status", "phase"});
    static final Map<String, String[]> POD =
        paths(
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.podIP");
    static final Map<String, String[]> CORE_EVENT =
        paths(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "type");
    static final Map<String, String[]> NEW_EVENT = newEvent();

    private static Map<String, String[]> newEvent() {
      Map<String, String[]> all = new LinkedHashMap<>(CORE_EVENT);
      for (String field : List.of("kind", "namespace", "name", "uid", "apiVersion")) {
        all.put("regarding." + field, new String[] {"involvedObject", field});
      }
      all.put("reportingController", new String[] {"reportingComponent"});
      return all;
    }

    private static Map<String, String[]> paths(String... names) {
      Map<String, String[]> all = new LinkedHashMap<>();
      for (String name : names) {
        all.put(name, name.split("\\."));
      }
      return all;
    }
  }

  /** The text at a path, or a placeholder. */
  static String orElse(
      com.fasterxml.jackson.databind.JsonNode node, String fallback, String... path) {
    String text = Json.text(node, path);
    return text.isEmpty() ? fallback : text;
  }
}
