package dev.holdfast.operator.sandbox.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.apply.ApplyConflict.Conflict;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Who owns which field, as {@code metadata.managedFields} keeps it, and server-side apply on top.
 *
 * <p>The rules are those of the Kubernetes reference "Server-Side Apply": an apply owns exactly
 * what it states, takes away what it no longer states and nobody else owns, and conflicts with
 * others where it changes their values; any other write takes what it changes.
 */
public final class ManagedFields {
  private static final String[][] NOBODYS = {
    {"f:apiVersion"},
    {"f:kind"},
    {"f:metadata", "f:name"},
    {"f:metadata", "f:namespace"},
    {"f:metadata", "f:uid"},
    {"f:metadata", "f:resourceVersion"},
    {"f:metadata", "f:generation"},
    {"f:metadata", "f:creationTimestamp"},
    {"f:metadata", "f:selfLink"},
    {"f:metadata", "f:managedFields"},
    {"f:metadata", "f:deletionTimestamp"},
    {"f:metadata", "f:deletionGracePeriodSeconds"},
  };

  /**
   * Who writes.
   *
   * @param apply whether this is a server-side apply
   * @param subresource {@code status}, or empty
   */
  public record Manager(String name, boolean apply, String apiVersion, String subresource) {
    String readable() {
      String text = Json.tree(name).toString();
      if (!subresource.isEmpty()) {
        text += " with subresource " + Json.tree(subresource);
      }
      return apply ? text : text + " using " + apiVersion;
    }
  }

  private record Entry(Manager manager, String time, FieldSet fields) {}

  private ManagedFields() {}

  /**
   * Notes a write that is not an apply: the manager owns what it changed, others lose it.
   *
   * @param before null when the object is new
   * @param after gets its {@code managedFields}
   */
  public static void track(
      ObjectNode before, ObjectNode after, Schema schema, Manager manager, Instant now) {
    List<Entry> entries = before == null ? List.of() : read(before);
    JsonNode asked = after.path("metadata").path("managedFields");
    if (asked.size() == 1 && asked.get(0).isEmpty()) {
      entries = List.of();
    }
    var difference = Fields.between(before, after, schema);
    FieldSet written = owned(difference.written(), manager);
    FieldSet removed = difference.removed();
    List<Entry> next = new ArrayList<>();
    FieldSet own = new FieldSet();
    String ownTime = time(now);
    for (Entry entry : entries) {
      if (entry.manager().equals(manager)) {
        own = entry.fields();
        ownTime = written.isEmpty() && removed.isEmpty() ? entry.time() : ownTime;
      } else {
        keep(next, entry, entry.fields().minus(written).minus(removed));
      }
    }
    keep(next, new Entry(manager, ownTime, own), own.minus(removed).union(written));
    write(after, next);
  }

  /**
   * Applies a configuration.
   *
   * @param live null when the object is new
   * @param force take fields from others instead of failing
   * @return the new object with its {@code managedFields}
   * @throws ApplyConflict when others own what would change
   */
  public static ObjectNode apply(
      ObjectNode live,
      ObjectNode applied,
      Schema schema,
      Manager manager,
      boolean force,
      Instant now) {
    ObjectNode base = live == null ? Json.object() : live.deepCopy();
    List<Entry> entries = live == null ? List.of() : read(live);
    FieldSet stated = owned(Fields.of(applied, schema), manager);
    FieldSet last = new FieldSet();
    FieldSet others = new FieldSet();
    for (Entry entry : entries) {
      if (entry.manager().equals(manager)) {
        last = entry.fields();
      } else {
        others = others.union(entry.fields());
      }
    }
    FieldSet kept = stated.union(others);
    ObjectNode merged = (ObjectNode) Merge.overlay(base, relevant(applied, manager), schema);
    Merge.remove(merged, last.minus(kept), kept, schema);

    var difference = Fields.between(base, merged, schema);
    FieldSet written = difference.written();
    List<Conflict> conflicts = new ArrayList<>();
    List<Entry> next = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.manager().equals(manager)) {
        entry.fields().intersect(written).paths().stream()
            .map(path -> new Conflict(entry.manager().readable(), path))
            .forEach(conflicts::add);
        keep(next, entry, entry.fields().minus(written).minus(difference.removed()));
      }
    }
    if (!conflicts.isEmpty() && !force) {
      throw new ApplyConflict(conflicts);
    }
    boolean unchanged =
        last.equals(stated) && Fields.between(base, merged, schema).written().isEmpty();
    String time = time(now);
    for (Entry entry : entries) {
      if (entry.manager().equals(manager) && unchanged) {
        time = entry.time();
      }
    }
    keep(next, new Entry(manager, time, stated), stated);
    write(merged, next);
    return merged;
  }

  /** An apply on a subresource states only that; one on the object states all but status. */
  private static ObjectNode relevant(ObjectNode applied, Manager manager) {
    ObjectNode relevant = applied.deepCopy();
    if (manager.subresource().equals("status")) {
      relevant.retain("apiVersion", "kind", "metadata", "status");
      ((ObjectNode) relevant.get("metadata")).retain("name", "namespace");
    }
    return relevant;
  }

  private static FieldSet owned(FieldSet fields, Manager manager) {
    FieldSet owned = fields;
    for (String[] path : NOBODYS) {
      owned = owned.without(path);
    }
    return manager.subresource().equals("status") ? owned.only("f:status") : owned;
  }

  private static void keep(List<Entry> entries, Entry entry, FieldSet fields) {
    if (!fields.isEmpty()) {
      entries.add(new Entry(entry.manager(), entry.time(), fields));
    }
  }

  private static List<Entry> read(ObjectNode object) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode node : object.path("metadata").path("managedFields")) {
      var manager =
          new Manager(
              node.path("manager").asText(),
              node.path("operation").asText().equals("Apply"),
              node.path("apiVersion").asText(),
              node.path("subresource").asText(""));
      FieldSet fields = FieldSet.read(node.path("fieldsV1"));
      entries.add(new Entry(manager, node.path("time").asText(), fields));
    }
    return entries;
  }

  private static void write(ObjectNode object, List<Entry> entries) {
    ObjectNode metadata = Json.ensure(object, "metadata");
    metadata.remove("managedFields");
    ArrayNode list = Json.array();
    for (Entry entry : entries) {
      Manager manager = entry.manager();
      ObjectNode node = list.addObject();
      node.put("manager", manager.name());
      node.put("operation", manager.apply() ? "Apply" : "Update");
      node.put("apiVersion", manager.apiVersion());
      node.put("time", entry.time());
      node.put("fieldsType", "FieldsV1");
      node.set("fieldsV1", entry.fields().write());
      if (!manager.subresource().isEmpty()) {
        node.put("subresource", manager.subresource());
      }
    }
    if (!list.isEmpty()) {
      metadata.set("managedFields", list);
    }
  }

  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
