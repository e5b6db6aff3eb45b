package dev.holdfast.operator.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All objects of the cluster, with one counter of resource versions and a bounded memory of changes
 * per collection for watches.
 *
 * <p>Writers hold one lock from reading to writing ({@link #exclusively}), so every request is
 * serial and nobody retries. Stored trees are never changed afterwards; whoever wants to change one
 * copies it.
 */
public final class ObjectStore implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Objects> collections = new HashMap<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final int remembered;
  private final Journal journal;
  private long revision;

  /** What one collection holds. */
  private final class Objects {
    final TreeMap<String, ObjectNode> byKey = new TreeMap<>();
    final Deque<Change> changes = new ArrayDeque<>();
    final Condition changed = lock.newCondition();
    long forgottenUpTo = revision;
  }

  /** A consistent reading of a collection. */
  public record Snapshot(long revision, List<ObjectNode> objects) {}

  /**
   * Opens the store with what its journal holds.
   *
   * @param remembered changes kept per collection; watches from before them are too old
   */
  public ObjectStore(Journal journal, int remembered) throws IOException {
    this.journal = journal;
    this.remembered = remembered;
    revision =
        journal.replay(
            (collection, object, deleted) -> {
              Objects objects = in(collection);
              String key = key(Json.namespace(object), Json.name(object));
              if (deleted) {
                objects.byKey.remove(key);
              } else {
                objects.byKey.put(key, object);
              }
            });
    collections.values().forEach(objects -> objects.forgottenUpTo = revision);
    compact();
  }

  /** Runs a read-then-write with no other writer in between. */
  public <T> T exclusively(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Calls back on every change, with the lock held: note it and return. */
  public void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /** The newest resource version. */
  public long revision() {
    return exclusively(() -> revision);
  }

  /** An object, or null. */
  public ObjectNode get(String collection, String namespace, String name) {
    return exclusively(() -> in(collection).byKey.get(key(namespace, name)));
  }

  /** All objects of a collection, or those of one namespace when it is not empty, in order. */
  public Snapshot list(String collection, String namespace) {
    return exclusively(
        () -> {
          Collection<ObjectNode> all =
              namespace.isEmpty()
                  ? in(collection).byKey.values()
                  : in(collection).byKey.subMap(namespace + "/", namespace + "0").values();
          return new Snapshot(revision, new ArrayList<>(all));
        });
  }

  /** Writes an object, new or changed; gives it the next resource version. */
  public ObjectNode put(String collection, ObjectNode object) {
    return exclusively(
        () -> {
          revision++;
          Json.ensure(object, "metadata").put("resourceVersion", Long.toString(revision));
          String key = key(Json.namespace(object), Json.name(object));
          ObjectNode previous = in(collection).byKey.put(key, object);
          journal.put(collection, revision, object);
          var kind = previous == null ? Change.Kind.ADDED : Change.Kind.MODIFIED;
          publish(new Change(revision, collection, kind, object, previous));
          return object;
        });
  }

  /** Removes an object; returns it as it was last, or null when there is none. */
  public ObjectNode remove(String collection, String namespace, String name) {
    return exclusively(
        () -> {
          ObjectNode previous = in(collection).byKey.remove(key(namespace, name));
          if (previous == null) {
            return null;
          }
          revision++;
          ObjectNode last = previous.deepCopy();
          Json.ensure(last, "metadata").put("resourceVersion", Long.toString(revision));
          journal.remove(collection, revision, namespace, name);
          publish(new Change(revision, collection, Change.Kind.DELETED, last, previous));
          return last;
        });
  }

  /**
   * The changes after a revision, waiting for the first one at most the given time; empty when
   * there was none.
   */
  public List<Change> changesAfter(String collection, long after, long timeoutMillis)
      throws TooOldException, InterruptedException {
    lock.lockInterruptibly();
    try {
      Objects objects = in(collection);
      long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      while (true) {
        if (after < objects.forgottenUpTo) {
          throw new TooOldException(after, objects.forgottenUpTo);
        }
        if (!objects.changes.isEmpty() && objects.changes.getLast().revision() > after) {
          Deque<Change> newer = new ArrayDeque<>();
          var backwards = objects.changes.descendingIterator();
          while (backwards.hasNext()) {
            Change change = backwards.next();
            if (change.revision() <= after) {
              break;
            }
            newer.addFirst(change);
          }
          return List.copyOf(newer);
        }
        if (left <= 0) {
          return List.of();
        }
        left = objects.changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }

  private void publish(Change change) {
    Objects objects = in(change.collection());
    objects.changes.addLast(change);
    if (objects.changes.size() > remembered) {
      objects.forgottenUpTo = objects.changes.removeFirst().revision();
    }
    objects.changed.signalAll();
    listeners.forEach(listener -> listener.accept(change));
    if (journal.wantsCompaction(
        collections.values().stream().mapToInt(o -> o.byKey.size()).sum())) {
      compact();
    }
  }

  private void compact() {
    journal.rewrite(
        revision,
        writer ->
            collections.forEach(
                (collection, objects) ->
                    objects.byKey.values().forEach(object -> writer.accept(collection, object))));
  }

  private Objects in(String collection) {
    return collections.computeIfAbsent(collection, c -> new Objects());
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
