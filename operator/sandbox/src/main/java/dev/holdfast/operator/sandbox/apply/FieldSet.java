package dev.holdfast.operator.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * A set of fields as a tree, the FieldsV1 of {@code metadata.managedFields}: {@code f:<field>},
 * {@code k:{<keys>}} for an item of a list with keys, {@code v:<value>} for an item of a set.
 */
public final class FieldSet {
  private static final FieldSet NOTHING = new FieldSet();

  private final Map<String, FieldSet> children = new TreeMap<>();
  private boolean member;

  /** The set that FieldsV1 describes. */
  public static FieldSet read(JsonNode fieldsV1) {
    var set = new FieldSet();
    fieldsV1
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals(".")) {
                FieldSet child = read(entry.getValue());
                child.member = entry.getValue().isEmpty() || entry.getValue().has(".");
                set.children.put(entry.getKey(), child);
              }
            });
    return set;
  }

  /** The set as FieldsV1. */
  public ObjectNode write() {
    ObjectNode node = Json.object();
    if (member && !children.isEmpty()) {
      node.putObject(".");
    }
    children.forEach((element, child) -> node.set(element, child.write()));
    return node;
  }

  /** Whether the field itself is in the set, apart from what is below it. */
  public boolean member() {
    return member;
  }

  /** Puts the field itself into the set. */
  FieldSet add() {
    member = true;
    return this;
  }

  /** The part below an element, made when it is missing. */
  FieldSet child(String element) {
    return children.computeIfAbsent(element, e -> new FieldSet());
  }

  /** The part below an element; an empty set when there is none. */
  FieldSet below(String element) {
    return children.getOrDefault(element, NOTHING);
  }

  Map<String, FieldSet> children() {
    return children;
  }

  /** Whether nothing is in the set. */
  public boolean isEmpty() {
    return !member && children.isEmpty();
  }

  /** What is in either. */
  public FieldSet union(FieldSet other) {
    return combine(this, other, (a, b) -> a || b);
  }

  /** What is in this and not in the other. */
  public FieldSet minus(FieldSet other) {
    return combine(this, other, (a, b) -> a && !b);
  }

  /** What is in both. */
  public FieldSet intersect(FieldSet other) {
    return combine(this, other, (a, b) -> a && b);
  }

  /** Without a whole branch, given by its elements. */
  FieldSet without(String... path) {
    FieldSet copy = union(NOTHING);
    FieldSet here = copy;
    for (int i = 0; i < path.length - 1; i++) {
      here = here.below(path[i]);
    }
    here.children.remove(path[path.length - 1]);
    return copy.union(NOTHING);
  }

  /** Only a branch at the top. */
  FieldSet only(String element) {
    var set = new FieldSet();
    if (children.containsKey(element)) {
      set.children.put(element, children.get(element));
    }
    return set;
  }

  /** Every member as people read it: {@code .spec.containers[name="c"].image}. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> paths) {
    if (member) {
      paths.add(path);
    }
    children.forEach((element, child) -> child.collect(path + readable(element), paths));
  }

  private static String readable(String element) {
    String rest = element.substring(2);
    if (element.startsWith("k:")) {
      List<String> keys = new ArrayList<>();
      Json.read(rest)
          .properties()
          .forEach(entry -> keys.add(entry.getKey() + "=" + entry.getValue()));
      return "[" + String.join(",", keys) + "]";
    }
    return element.startsWith("v:") ? "[=" + rest + "]" : "." + rest;
  }

  private static FieldSet combine(FieldSet a, FieldSet b, BinaryOperator<Boolean> operation) {
    var result = new FieldSet();
    result.member = operation.apply(a.member, b.member);
    a.children.forEach(
        (element, child) -> result.keep(element, combine(child, b.below(element), operation)));
    b.children.forEach(
        (element, child) -> {
          if (!a.children.containsKey(element)) {
            result.keep(element, combine(NOTHING, child, operation));
          }
        });
    return result;
  }

  private void keep(String element, FieldSet child) {
    if (!child.isEmpty()) {
      children.put(element, child);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && member == set.member && children.equals(set.children);
  }

  @Override
  public int hashCode() {
    return children.hashCode() * 31 + Boolean.hashCode(member);
  }

  @Override
  public String toString() {
    return write().toString();
  }
}
