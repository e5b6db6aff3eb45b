package dev.holdfast.engine.tracking;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.memory.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Who hears of all keys with a prefix, and what changed since they were told last. */
final class Broadcasts {
  private static final class Prefix {
    final Set<Client> clients = new LinkedHashSet<>();

    /** With the client that changed it first, null for the server. */
    final Map<ByteString, Client> changed = new TreeMap<>();
  }

  private final Clients clients;
  private final Invalidations invalidations;
  private final Map<ByteString, Prefix> prefixes = new TreeMap<>();
  private boolean anyChanged;

  Broadcasts(Clients clients, Invalidations invalidations) {
    this.clients = clients;
    this.invalidations = invalidations;
  }

  void add(Client client, Set<ByteString> names) {
    names.forEach(name -> prefixes.computeIfAbsent(name, _ -> new Prefix()).clients.add(client));
  }

  void remove(Client client, Set<ByteString> names) {
    for (var name : names) {
      var prefix = prefixes.get(name);
      prefix.clients.remove(client);
      if (prefix.clients.isEmpty()) {
        prefixes.remove(name);
      }
    }
  }

  int prefixes() {
    return prefixes.size();
  }

  void changed(ByteString key) {
    var by = clients.running();
    prefixes.forEach(
        (name, prefix) -> {
          if (key.startsWith(name)) {
            anyChanged = true;
            if (!prefix.changed.containsKey(key)) {
              prefix.changed.put(key, by);
            }
          }
        });
  }

  /** True when there was something to tell. */
  boolean send(long appendedOffset) {
    if (!anyChanged) {
      return false;
    }
    anyChanged = false;
    for (var prefix : prefixes.values()) {
      if (!prefix.changed.isEmpty()) {
        prefix.clients.forEach(client -> send(client, prefix));
        prefix.changed.clear();
      }
    }
    clients.pushes().end(appendedOffset);
    return true;
  }

  private void send(Client client, Prefix prefix) {
    if (!client.tracking().noLoop) {
      invalidations.send(client, prefix.changed.keySet());
      return;
    }
    var others = new ArrayList<ByteString>();
    prefix.changed.forEach(
        (key, by) -> {
          if (!Objects.equals(by, client)) {
            others.add(key);
          }
        });
    if (!others.isEmpty()) {
      invalidations.send(client, others);
    }
  }
}
