package dev.holdfast.operator.sandbox.api;

import java.util.Arrays;
import java.util.List;

/**
 * What a path means.
 *
 * @param namespace empty for all namespaces, or for the cluster
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record Target(ResourceType type, String namespace, String name, String subresource) {

  /** Reads a path below {@code /api} or {@code /apis}; null when the server has no such thing. */
  static Target of(String path, ResourceTypes types) {
    List<String> parts = Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    boolean core = parts.getFirst().equals("api");
    int from = core ? 2 : 3;
    if (parts.size() <= from) {
      return null;
    }
    String group = core ? "" : parts.get(1);
    String version = parts.get(from - 1);
    List<String> rest = parts.subList(from, parts.size());
    if (rest.size() >= 3 && rest.getFirst().equals("namespaces")) {
      ResourceType type = types.find(group, version, rest.get(2));
      if (type != null && type.namespaced()) {
        return new Target(type, rest.get(1), part(rest, 3), below(rest, 4));
      }
    }
    ResourceType type = types.find(group, version, rest.getFirst());
    if (type == null || (type.namespaced() && rest.size() > 1)) {
      return null;
    }
    return new Target(type, "", part(rest, 1), below(rest, 2));
  }

  private static String part(List<String> parts, int index) {
    return parts.size() > index ? parts.get(index) : "";
  }

  private static String below(List<String> parts, int index) {
    return parts.size() > index ? String.join("/", parts.subList(index, parts.size())) : "";
  }
}
