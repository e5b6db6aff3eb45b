package dev.holdfast.engine.command;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Watch;
import dev.holdfast.engine.keyspace.Database;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which clients watch which keys. A key that had expired but was still there when it was watched
 * counts as missing, so that its removal is no change; a key that expires between {@code WATCH} and
 * {@code EXEC} is one.
 */
public final class Watches {
  private final Keyspace keyspace;
  private final Map<Key, List<Watcher>> byKey = new HashMap<>();

  private static final class Key {
    private final int db;
    private final byte[] name;

    Key(int db, byte[] name) {
      this.db = db;
      this.name = name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key k && k.db == db && Arrays.equals(k.name, name);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(name) + db;
    }
  }

  private static final class Watcher {
    private final Client client;
    private boolean expired;

    Watcher(Client client, boolean expired) {
      this.client = client;
      this.expired = expired;
    }
  }

  public Watches(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** Whether anything is watched, so that a change can skip looking. */
  public boolean any() {
    return !byKey.isEmpty();
  }

  /** Number of watched keys. */
  public int size() {
    return byKey.size();
  }

  /** Begins to watch; once per client and key. */
  public void watch(Client client, int db, byte[] name, long now) {
    List<Watcher> watchers = byKey.computeIfAbsent(new Key(db, name), key -> new ArrayList<>());
    if (watchers.stream().anyMatch(w -> w.client == client)) {
      return;
    }
    watchers.add(new Watcher(client, isExpired(db, name, now)));
    client.transaction().watches().add(new Watch(db, name));
  }

  /** Ends all watches of a client. */
  public void unwatch(Client client) {
    for (Watch watch : client.transaction().watches()) {
      Key key = new Key(watch.db(), watch.key());
      List<Watcher> watchers = byKey.get(key);
      if (watchers != null) {
        watchers.removeIf(w -> w.client == client);
        if (watchers.isEmpty()) {
          byKey.remove(key);
        }
      }
    }
    client.transaction().watches().clear();
    client.transaction().watchedChanged(false);
  }

  /** Tells who watches that the key changed. */
  public void changed(int db, byte[] name) {
    List<Watcher> watchers = byKey.get(new Key(db, name));
    if (watchers == null) {
      return;
    }
    for (Watcher watcher : watchers) {
      if (watcher.expired && find(db, name) == 0) {
        watcher.expired = false;
      } else {
        watcher.client.transaction().watchedChanged(true);
      }
    }
  }

  /** Tells who watches a key of a database that is about to be emptied. */
  public void clearing(int db) {
    byKey.forEach(
        (key, watchers) -> {
          if (key.db == db && find(db, key.name) != 0) {
            watchers.stream()
                .filter(w -> !w.expired)
                .forEach(w -> w.client.transaction().watchedChanged(true));
          }
        });
  }

  /** Tells who watches a key that exists in either of two databases that change places. */
  public void swapping(int a, int b) {
    Set<Client> hit = new LinkedHashSet<>();
    byKey.forEach(
        (key, watchers) -> {
          if ((key.db == a || key.db == b) && (find(a, key.name) != 0 || find(b, key.name) != 0)) {
            watchers.forEach(w -> hit.add(w.client));
          }
        });
    hit.forEach(client -> client.transaction().watchedChanged(true));
  }

  /** Whether a key that the client watches expired since. */
  public boolean anyExpired(Client client, long now) {
    for (Watch watch : client.transaction().watches()) {
      boolean knew =
          byKey.get(new Key(watch.db(), watch.key())).stream()
              .anyMatch(w -> w.client == client && w.expired);
      if (!knew && isExpired(watch.db(), watch.key(), now)) {
        return true;
      }
    }
    return false;
  }

  /** Hears of a watched key. */
  @FunctionalInterface
  interface Hashes {
    void key(int db, long hash);
  }

  /** Visits the keys that a client watches. */
  void hashes(Client client, Hashes visitor) {
    for (Watch watch : client.transaction().watches()) {
      visitor.key(watch.db(), inMemory(watch.key(), keyspace::hash));
    }
  }

  private boolean isExpired(int db, byte[] name, long now) {
    long record = find(db, name);
    return record != 0 && Record.expireAt(record) >= 0 && Record.expireAt(record) < now;
  }

  private long find(int db, byte[] name) {
    Database database = keyspace.database(db);
    return inMemory(
        name, (address, length) -> database.find(address, length, keyspace.hash(address, length)));
  }

  private interface Native {
    long apply(long address, int length);
  }

  private static long inMemory(byte[] name, Native action) {
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocate(Math.max(1, name.length)).address();
      Memory.copyFrom(name, 0, address, name.length);
      return action.apply(address, name.length);
    }
  }
}
