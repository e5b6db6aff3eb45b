package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.apply.ApplyConflict;
import dev.holdfast.operator.sandbox.apply.ManagedFields;
import dev.holdfast.operator.sandbox.apply.ManagedFields.Manager;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Problem;
import dev.holdfast.operator.sandbox.schema.Pruning;
import dev.holdfast.operator.sandbox.schema.Validation;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What can be done to objects: create, update, apply, delete, each as one step of the store.
 *
 * <p>The server and the sandbox's own controllers use the same operations, so both obey the same
 * rules.
 */
public final class Operations {
  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final ObjectStore store;
  private final ResourceTypes types;
  private final Validation validation;
  private final Clock clock;
  private final RandomGenerator random;

  /** The outcome of an apply. */
  public record Applied(ObjectNode object, boolean created) {}

  /** Works on a store. */
  public Operations(
      ObjectStore store,
      ResourceTypes types,
      Validation validation,
      Clock clock,
      RandomGenerator random) {
    this.store = store;
    this.types = types;
    this.validation = validation;
    this.clock = clock;
    this.random = random;
  }

  /** An object. */
  public ObjectNode get(ResourceType type, String namespace, String name) {
    ObjectNode found = store.get(type.collection(), namespace, name);
    if (found == null) {
      throw ApiError.notFound(type, name);
    }
    return found;
  }

  /** An object, or null. */
  public ObjectNode find(ResourceType type, String namespace, String name) {
    return store.get(type.collection(), namespace, name);
  }

  /** All objects of a kind; those of one namespace when it is not empty. */
  public List<ObjectNode> list(ResourceType type, String namespace) {
    return store.list(type.collection(), namespace).objects();
  }

  /** Makes an object. */
  public ObjectNode create(
      ResourceType type,
      String namespace,
      ObjectNode given,
      WriteOptions options,
      Consumer<String> warn) {
    return store.exclusively(
        () -> {
          ObjectNode object = given.deepCopy();
          decode(type, object, options, warn);
          ObjectNode created = prepareNew(type, namespace, object);
          ManagedFields.track(
              null, created, type.schema(), manager(type, options), clock.instant());
          return storeNew(type, created, options);
        });
  }

  /** Replaces an object. */
  public ObjectNode update(
      ResourceType type,
      String namespace,
      String name,
      ObjectNode given,
      WriteOptions options,
      Consumer<String> warn) {
    return store.exclusively(
        () -> {
          ObjectNode before = get(type, namespace, name);
          ObjectNode after = given.deepCopy();
          decode(type, after, options, warn);
          return write(type, before, after, options, true);
        });
  }

  /** Changes an object by a function of what it is now. */
  public ObjectNode patch(
      ResourceType type,
      String namespace,
      String name,
      UnaryOperator<ObjectNode> change,
      WriteOptions options,
      Consumer<String> warn) {
    return store.exclusively(
        () -> {
          ObjectNode before = get(type, namespace, name);
          ObjectNode after = change.apply(before.deepCopy());
          decode(type, after, options, warn);
          return write(type, before, after, options, true);
        });
  }

  /** Server-side apply. */
  public Applied apply(
      ResourceType type,
      String namespace,
      String name,
      ObjectNode given,
      WriteOptions options,
      Consumer<String> warn) {
    return store.exclusively(
        () -> {
          ObjectNode applied = given.deepCopy();
          reportUnknown(Pruning.prune(applied, type.schema()), options, warn);
          checkApplied(type, name, applied);
          if (type.status() && options.subresource().isEmpty()) {
            applied.remove("status");
          }
          ObjectNode metadata = Json.ensure(applied, "metadata");
          metadata.put("name", name);
          if (type.namespaced()) {
            metadata.put("namespace", namespace);
          }
          ObjectNode before = find(type, namespace, name);
          if (before == null && !options.subresource().isEmpty()) {
            throw ApiError.notFound(type, name);
          }
          String uid = Json.uid(applied);
          if (!uid.isEmpty() && before != null && !uid.equals(Json.uid(before))) {
            throw uidConflict(type, name, uid, before);
          }
          ObjectNode after = merge(type, before, applied, options);
          decode(type, after, WriteOptions.by(options.manager()), warn);
          if (before != null) {
            String version = Json.text(applied, "metadata", "resourceVersion");
            if (version.isEmpty()) {
              after.withObject("/metadata").remove("resourceVersion");
            } else {
              after.withObject("/metadata").put("resourceVersion", version);
            }
            return new Applied(write(type, before, after, options, false), false);
          }
          JsonNode fields = after.path("metadata").path("managedFields");
          ObjectNode created = prepareNew(type, namespace, after);
          if (!fields.isEmpty()) {
            created.withObject("/metadata").set("managedFields", fields);
          }
          return new Applied(storeNew(type, created, options), true);
        });
  }

  /** Deletes an object, or marks it for deletion; returns it as it was last. */
  public ObjectNode delete(
      ResourceType type, String namespace, String name, DeleteOptions options) {
    return store.exclusively(
        () -> {
          ObjectNode before = get(type, namespace, name);
          checkPreconditions(type, before, options);
          return options.dryRun()
              ? before
              : new Deletion(store, clock).delete(type, before, options);
        });
  }

  private static void checkPreconditions(
      ResourceType type, ObjectNode object, DeleteOptions options) {
    String uid = Json.uid(object);
    if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
      throw ApiError.notTheOneToDelete(
          type,
          Json.name(object),
          "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
              .formatted(options.uid(), uid));
    }
    String version = Json.text(object, "metadata", "resourceVersion");
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
      throw ApiError.notTheOneToDelete(
          type,
          Json.name(object),
          "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). The object might have been modified"
              .formatted(options.resourceVersion(), version));
    }
  }

  private ObjectNode merge(
      ResourceType type, ObjectNode before, ObjectNode applied, WriteOptions options) {
    try {
      var manager = new Manager(options.manager(), true, type.apiVersion(), options.subresource());
      ObjectNode stated = applied.deepCopy();
      stated.withObject("/metadata").remove("resourceVersion");
      stated.withObject("/metadata").remove("uid");
      return ManagedFields.apply(
          before, stated, type.schema(), manager, options.force(), clock.instant());
    } catch (ApplyConflict e) {
      throw ApiError.applyConflict(e);
    }
  }

  private static void checkApplied(ResourceType type, String name, ObjectNode applied) {
    if (!Json.text(applied, "apiVersion").equals(type.apiVersion())
        || !Json.text(applied, "kind").equals(type.kind())) {
      throw ApiError.badRequest(
          "the object provided is "
              + Json.text(applied, "apiVersion")
              + " "
              + Json.text(applied, "kind")
              + ", the request is for "
              + type.apiVersion()
              + " "
              + type.kind());
    }
    String stated = Json.name(applied);
    if (!stated.isEmpty() && !stated.equals(name)) {
      throw ApiError.badRequest(
          "the name of the object ("
              + stated
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    if (applied.path("metadata").path("managedFields").size() > 0) {
      throw ApiError.badRequest("metadata.managedFields must be nil");
    }
  }

  /** What happens to everything that comes in: unknown fields go, defaults come. */
  private void decode(
      ResourceType type, ObjectNode object, WriteOptions options, Consumer<String> warn) {
    if (!Json.text(object, "kind").equals(type.kind())
        || !Json.text(object, "apiVersion").equals(type.apiVersion())) {
      if (object.has("kind") || object.has("apiVersion")) {
        throw ApiError.badRequest(
            type.kind()
                + " in version \""
                + type.version()
                + "\" cannot be handled as a "
                + type.kind()
                + ": the object is a "
                + Json.text(object, "apiVersion")
                + " "
                + Json.text(object, "kind"));
      }
      object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    }
    reportUnknown(Pruning.prune(object, type.schema()), options, warn);
    List<Problem> mistyped = type.custom() ? List.of() : validation.types(object, type.schema());
    if (!mistyped.isEmpty()) {
      throw ApiError.badRequest(
          type.kind()
              + " in version \""
              + type.version()
              + "\" cannot be handled as a "
              + type.kind()
              + ": "
              + mistyped.getFirst());
    }
    Pruning.fillDefaults(object, type.schema());
    type.rules().fillIn(object);
    if (!type.custom()) {
      Pruning.dropEmpty(object, type.schema());
    }
  }

  private static void reportUnknown(
      List<String> unknown, WriteOptions options, Consumer<String> warn) {
    if (unknown.isEmpty() || options.validation().equals("Ignore")) {
      return;
    }
    List<String> messages =
        unknown.stream().map(field -> "unknown field \"" + field + "\"").toList();
    if (options.validation().equals("Strict")) {
      throw ApiError.badRequest("strict decoding error: " + String.join(", ", messages));
    }
    messages.forEach(warn);
  }

  private ObjectNode prepareNew(ResourceType type, String namespace, ObjectNode object) {
    ObjectNode metadata = Json.ensure(object, "metadata");
    String stated = Json.namespace(object);
    if (type.namespaced()) {
      if (!stated.isEmpty() && !stated.equals(namespace)) {
        throw ApiError.badRequest(
            "the namespace of the provided object does not match the namespace sent on the request");
      }
      metadata.put("namespace", namespace);
      checkNamespace(type, namespace, object);
    } else {
      metadata.remove("namespace");
    }
    if (Json.name(object).isEmpty() && metadata.has("generateName")) {
      metadata.put("name", metadata.get("generateName").asText() + randomSuffix());
    }
    if (metadata.has("resourceVersion") && !Json.text(metadata, "resourceVersion").isEmpty()) {
      throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
    }
    metadata.remove(List.of("selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"));
    metadata.remove(List.of("managedFields", "generation", "resourceVersion"));
    metadata.put("uid", uuid().toString());
    metadata.put("creationTimestamp", now().toString());
    if (type.generation()) {
      metadata.put("generation", 1);
    }
    if (type.status()) {
      object.remove("status");
    }
    type.rules().onCreate(object);
    return object;
  }

  private ObjectNode storeNew(ResourceType type, ObjectNode created, WriteOptions options) {
    String name = Json.name(created);
    String namespace = Json.namespace(created);
    List<Problem> problems = new ArrayList<>(Names.check(type, created));
    problems.addAll(validation.validate(null, created, type.schema()));
    problems.addAll(type.rules().validate(null, created));
    if (!problems.isEmpty()) {
      throw ApiError.invalid(type, name, problems);
    }
    if (find(type, namespace, name) != null) {
      throw ApiError.alreadyExists(type, name);
    }
    return options.dryRun() ? created : store.put(type.collection(), created);
  }

  private ObjectNode write(
      ResourceType type,
      ObjectNode before,
      ObjectNode after,
      WriteOptions options,
      boolean trackFields) {
    String name = Json.name(before);
    String version = Json.text(after, "metadata", "resourceVersion");
    if (!version.isEmpty() && !version.equals(Json.text(before, "metadata", "resourceVersion"))) {
      throw ApiError.modified(type, name);
    }
    String uid = Json.uid(after);
    if (!uid.isEmpty() && !uid.equals(Json.uid(before))) {
      throw uidConflict(type, name, uid, before);
    }
    if (!Json.name(after).equals(name)) {
      throw ApiError.badRequest(
          "the name of the object ("
              + Json.name(after)
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    ObjectNode next = keepServersPart(type, before, after, options);
    type.rules().onUpdate(before, next);
    if (type.generation() && specChanged(type, before, next)) {
      long generation = before.path("metadata").path("generation").asLong();
      next.withObject("/metadata").put("generation", generation + 1);
    }
    if (trackFields) {
      ManagedFields.track(before, next, type.schema(), manager(type, options), clock.instant());
    }
    List<Problem> problems = new ArrayList<>(validation.validate(before, next, type.schema()));
    problems.addAll(type.rules().validate(before, next));
    if (!problems.isEmpty()) {
      throw ApiError.invalid(type, name, problems);
    }
    if (equalButForTimes(before, next)) {
      return before;
    }
    if (options.dryRun()) {
      return next;
    }
    if (Json.terminating(next)
        && next.path("metadata").path("finalizers").isEmpty()
        && next.path("spec").path("finalizers").isEmpty()
        && next.path("metadata").path("deletionGracePeriodSeconds").asLong(0) == 0) {
      store.put(type.collection(), next);
      return store.remove(type.collection(), Json.namespace(next), name);
    }
    return store.put(type.collection(), next);
  }

  private ObjectNode keepServersPart(
      ResourceType type, ObjectNode before, ObjectNode after, WriteOptions options) {
    ObjectNode next = after.deepCopy();
    ObjectNode old = (ObjectNode) before.get("metadata");
    if (options.subresource().equals("status")) {
      ObjectNode metadata = old.deepCopy();
      JsonNode fields = after.path("metadata").path("managedFields");
      if (fields.isArray()) {
        metadata.set("managedFields", fields);
      }
      next = before.deepCopy();
      next.set("metadata", metadata);
      next.remove("status");
      if (after.has("status")) {
        next.set("status", after.get("status"));
      }
    } else if (type.status()) {
      next.remove("status");
      if (before.has("status")) {
        next.set("status", before.get("status"));
      }
    }
    ObjectNode metadata = Json.ensure(next, "metadata");
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "generation",
            "resourceVersion",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generateName")) {
      metadata.remove(field);
      if (old.has(field)) {
        metadata.set(field, old.get(field));
      }
    }
    metadata.remove("selfLink");
    return next;
  }

  private static boolean specChanged(ResourceType type, ObjectNode before, ObjectNode after) {
    ObjectNode a = before.deepCopy();
    ObjectNode b = after.deepCopy();
    a.remove("metadata");
    b.remove("metadata");
    if (type.status()) {
      a.remove("status");
      b.remove("status");
    }
    return !a.equals(b);
  }

  /** A write that changes nothing is not one; when fields change hands without a change, it is. */
  private static boolean equalButForTimes(ObjectNode before, ObjectNode after) {
    return withoutTimes(before).equals(withoutTimes(after));
  }

  private static ObjectNode withoutTimes(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.path("metadata")
        .path("managedFields")
        .forEach(entry -> ((ObjectNode) entry).remove("time"));
    return copy;
  }

  private void checkNamespace(ResourceType type, String namespace, ObjectNode object) {
    ResourceType namespaces = types.namespaces();
    ObjectNode found = find(namespaces, "", namespace);
    if (found == null) {
      throw ApiError.notFound(namespaces, namespace);
    }
    if (Json.terminating(found)) {
      throw ApiError.forbidden(
          type,
          Json.name(object),
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated");
    }
  }

  private static ApiError uidConflict(
      ResourceType type, String name, String uid, ObjectNode before) {
    return ApiError.conflict(
        type,
        name,
        "Precondition failed: UID in precondition: "
            + uid
            + ", UID in object meta: "
            + Json.uid(before));
  }

  private static Manager manager(ResourceType type, WriteOptions options) {
    return new Manager(options.manager(), false, type.apiVersion(), options.subresource());
  }

  /** A random UUID, RFC 9562 version 4. */
  private UUID uuid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low);
  }

  private String randomSuffix() {
    var suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
    }
    return suffix.toString();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
