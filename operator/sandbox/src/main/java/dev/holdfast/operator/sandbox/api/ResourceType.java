package dev.holdfast.operator.sandbox.api;

import dev.holdfast.operator.sandbox.schema.Schema;
import java.util.List;
import java.util.Map;

/**
 * A kind that the server has.
 *
 * @param collection where its objects are kept; two groups can show the same ones
 * @param status whether {@code status} can only be written through the subresource
 * @param generation whether the server counts changes of the spec
 * @param selectable field selectors beyond name and namespace, with the path of each
 * @param view how stored objects are shown and taken; only events have one
 */
public record ResourceType(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    boolean status,
    boolean generation,
    boolean custom,
    String collection,
    Schema schema,
    Rules rules,
    List<Column> columns,
    Map<String, String[]> selectable,
    View view) {

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code pods} or {@code statefulsets.apps}, as messages name it. */
  public String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
