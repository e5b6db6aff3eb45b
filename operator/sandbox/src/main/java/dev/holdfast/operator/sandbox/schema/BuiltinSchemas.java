package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema.ListKind;
import dev.holdfast.operator.sandbox.schema.Schema.Type;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schemas of built-in kinds, read off the client's model classes. How lists and maps merge is
 * not in those classes; {@link #LIST_KEYS} has it, as the Kubernetes API reference states it.
 */
public final class BuiltinSchemas {
  private static final Map<Class<?>, Schema> KNOWN = new ConcurrentHashMap<>();

  /** {@code Class.field} to the keys of its items; no keys means a set. */
  private static final Map<String, List<String>> LIST_KEYS =
      Map.ofEntries(
          Map.entry("PodSpec.containers", List.of("name")),
          Map.entry("PodSpec.initContainers", List.of("name")),
          Map.entry("PodSpec.ephemeralContainers", List.of("name")),
          Map.entry("PodSpec.volumes", List.of("name")),
          Map.entry("PodSpec.imagePullSecrets", List.of("name")),
          Map.entry("PodSpec.hostAliases", List.of("ip")),
          Map.entry("PodSpec.schedulingGates", List.of("name")),
          Map.entry("PodSpec.resourceClaims", List.of("name")),
          Map.entry(
              "PodSpec.topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
          Map.entry("Container.env", List.of("name")),
          Map.entry("Container.ports", List.of("containerPort", "protocol")),
          Map.entry("Container.volumeMounts", List.of("mountPath")),
          Map.entry("Container.volumeDevices", List.of("devicePath")),
          Map.entry("PodStatus.conditions", List.of("type")),
          Map.entry("PodStatus.podIPs", List.of("ip")),
          Map.entry("ServiceSpec.ports", List.of("port", "protocol")),
          Map.entry("ServiceStatus.conditions", List.of("type")),
          Map.entry("StatefulSetStatus.conditions", List.of("type")),
          Map.entry("PodDisruptionBudgetStatus.conditions", List.of("type")),
          Map.entry("PersistentVolumeClaimStatus.conditions", List.of("type")),
          Map.entry("NamespaceStatus.conditions", List.of("type")),
          Map.entry("NodeStatus.conditions", List.of("type")),
          Map.entry("NodeStatus.addresses", List.of("type")),
          Map.entry("CustomResourceDefinitionStatus.conditions", List.of("type")),
          Map.entry("ServiceAccount.secrets", List.of("name")),
          Map.entry("ObjectMeta.ownerReferences", List.of("uid")),
          Map.entry("ObjectMeta.finalizers", List.of()));

  private static final Set<String> ATOMIC =
      Set.of(
          "LabelSelector",
          "SecretKeySelector",
          "ConfigMapKeySelector",
          "ObjectFieldSelector",
          "ResourceFieldSelector",
          "LocalObjectReference",
          "ObjectReference",
          "OwnerReference",
          "TypedLocalObjectReference",
          "NodeSelector",
          "NodeSelectorTerm",
          "ServiceSpec.selector",
          "PodSpec.nodeSelector");

  private BuiltinSchemas() {}

  /** The schema of one of the client's model classes. */
  public static Schema of(Class<?> model) {
    Schema known = KNOWN.get(model);
    if (known == null) {
      known = new Schema(Type.OBJECT, Json.object(), () -> properties(model));
      if (ATOMIC.contains(model.getSimpleName())) {
        known.asAtomic();
      }
      Schema earlier = KNOWN.putIfAbsent(model, known);
      known = earlier == null ? known : earlier;
    }
    return known;
  }

  static Schema metadata() {
    return of(ObjectMeta.class);
  }

  static Schema text() {
    return new Schema(Type.STRING, rules("string"), Map::of);
  }

  private static Map<String, Schema> properties(Class<?> model) {
    Map<String, Schema> properties = new LinkedHashMap<>();
    for (Class<?> c = model; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        JsonProperty annotation = field.getAnnotation(JsonProperty.class);
        if (annotation != null
            && !Modifier.isStatic(field.getModifiers())
            && field.getAnnotation(JsonIgnore.class) == null) {
          String name = annotation.value().isEmpty() ? field.getName() : annotation.value();
          properties.put(name, schema(field.getGenericType(), model.getSimpleName() + "." + name));
        }
      }
    }
    if (model == ObjectMeta.class) {
      properties.put("managedFields", any());
    }
    return properties;
  }

  private static Schema schema(java.lang.reflect.Type type, String where) {
    if (type instanceof ParameterizedType generic) {
      java.lang.reflect.Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Map.class) {
        var map = new Schema(Type.OBJECT, rules("object"), Map::of);
        map.mapOf(schema(arguments[1], where + ".value"));
        return ATOMIC.contains(where) ? map.asAtomic() : map;
      }
      if (generic.getRawType() == List.class) {
        var list = new Schema(Type.ARRAY, rules("array"), Map::of);
        list.listOf(schema(arguments[0], where + ".item"));
        List<String> keys = LIST_KEYS.get(where);
        if (keys != null) {
          list.merging(keys.isEmpty() ? ListKind.SET : ListKind.MAP, keys);
        }
        return list;
      }
      return any();
    }
    if (type == String.class) {
      Schema text = text();
      if (where.equals("ContainerPort.protocol") || where.equals("ServicePort.protocol")) {
        text.rules().put("default", "TCP");
      }
      return text;
    }
    if (type == Integer.class || type == Long.class) {
      return new Schema(Type.INTEGER, rules("integer"), Map::of);
    }
    if (type == Double.class) {
      return new Schema(Type.NUMBER, rules("number"), Map::of);
    }
    if (type == Boolean.class) {
      return new Schema(Type.BOOLEAN, rules("boolean"), Map::of);
    }
    if (!(type instanceof Class<?> model)) {
      return any();
    }
    return switch (model.getSimpleName()) {
      case "Quantity", "IntOrString" -> {
        ObjectNode rules = Json.object().put("x-kubernetes-int-or-string", true);
        yield new Schema(Type.INT_OR_STRING, rules, Map::of);
      }
      case "MicroTime", "ZonedDateTime" -> text();
      case "CustomResourceValidation",
          "FieldsV1",
          "AnyType",
          "Object",
          "RawExtension",
          "JsonNode" ->
          any();
      default -> model.isInterface() ? any() : of(model);
    };
  }

  private static Schema any() {
    ObjectNode rules = Json.object().put("x-kubernetes-preserve-unknown-fields", true);
    return new Schema(Type.ANY, rules, Map::of).keepingUnknown();
  }

  private static ObjectNode rules(String type) {
    return Json.object().put("type", type);
  }
}
