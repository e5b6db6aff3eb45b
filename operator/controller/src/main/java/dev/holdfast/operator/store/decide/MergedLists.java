package dev.holdfast.operator.store.decide;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The lists that several may write to: Kubernetes tells their items by a key, and server-side apply
 * never removes somebody else's ({@code x-kubernetes-list-type: map} and {@code set} in its
 * OpenAPI). Every other list belongs whole to who wrote it. Only lists that the operator renders
 * are here.
 */
final class MergedLists {

  /** Name of the list to the fields that tell its items; none where the value itself does. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "containers", List.of("name"),
          "env", List.of("name"),
          "finalizers", List.of(),
          "imagePullSecrets", List.of("name"),
          "ownerReferences", List.of("uid"),
          "volumeMounts", List.of("mountPath"),
          "volumes", List.of("name"));

  private static final List<String> CONTAINER_PORT = List.of("containerPort", "protocol");
  private static final List<String> SERVICE_PORT = List.of("port", "protocol");

  private MergedLists() {}

  /** Whether the items of a list are matched by key. */
  static boolean is(String name) {
    return name.equals("ports") || KEYS.containsKey(name);
  }

  /** The item of a list that is the same as another, by its key. */
  static Optional<JsonNode> find(JsonNode list, String name, JsonNode like) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(item -> same(item, like, keys(name, like)))
        .findFirst();
  }

  private static List<String> keys(String name, JsonNode item) {
    if (name.equals("ports")) {
      return item.has("containerPort") ? CONTAINER_PORT : SERVICE_PORT;
    }
    return KEYS.get(name);
  }

  private static boolean same(JsonNode item, JsonNode like, List<String> keys) {
    return keys.isEmpty()
        ? item.equals(like)
        : keys.stream().allMatch(key -> item.path(key).equals(like.path(key)));
  }
}
