package dev.holdfast.engine.tracking;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.TrackingState;
import dev.holdfast.engine.client.TrackingState.Mode;
import dev.holdfast.engine.memory.ByteString;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers which clients have read which keys, whatever the database, and tells each once when a
 * key changes, expires, is evicted or flushed. A client that is gone stays in the table until its
 * keys change. When the table has more keys than {@code tracking-table-max-keys}, the one that was
 * there first is given up as if it had changed.
 *
 * <p>The command thread owns it.
 */
public final class Tracking {
  private final Clients clients;
  private final Runnable onChange;
  private final Broadcasts broadcasts;
  private final Invalidations invalidations;
  private final Map<ByteString, Set<Long>> readers = new LinkedHashMap<>();
  private final Set<Client> tracked = new LinkedHashSet<>();
  private long items;
  private long mostKeys;

  /**
   * @param onChange runs when the first client is tracked, and when none is any more
   */
  public Tracking(Clients clients, Runnable onChange) {
    this.clients = clients;
    this.onChange = onChange;
    this.invalidations = new Invalidations(clients);
    this.broadcasts = new Broadcasts(clients, invalidations);
  }

  /**
   * @param keys 0 is no limit
   */
  public void limit(long keys) {
    mostKeys = keys;
  }

  /** Whether any client is tracked. */
  public boolean any() {
    return !tracked.isEmpty();
  }

  /** Begins to track a client, or changes how that is done; prefixes add up. */
  public void begin(Client client, TrackingState state, List<ByteString> prefixes) {
    if (client.tracking() != null) {
      state.prefixes.addAll(client.tracking().prefixes);
    }
    if (state.mode == Mode.BCAST) {
      state.prefixes.addAll(prefixes.isEmpty() ? List.of(ByteString.of("")) : prefixes);
      broadcasts.add(client, state.prefixes);
    }
    client.tracking(state);
    if (tracked.add(client)) {
      onChange.run();
    }
  }

  /** Tracks a client no longer; does nothing when it is not tracked. */
  public void end(Client client) {
    if (tracked.remove(client)) {
      broadcasts.remove(client, client.tracking().prefixes);
      client.tracking(null);
      onChange.run();
    }
  }

  /** A tracked client has read a key. */
  public void read(Client client, ByteString key) {
    var ids = readers.computeIfAbsent(key, _ -> new LinkedHashSet<>());
    if (ids.add(client.id())) {
      items++;
    }
    while (mostKeys > 0 && readers.size() > mostKeys) {
      invalidate(readers.keySet().iterator().next());
    }
  }

  /** A key has another value now, or none. */
  public void changed(ByteString key) {
    broadcasts.changed(key);
    invalidate(key);
  }

  private void invalidate(ByteString key) {
    var ids = readers.remove(key);
    if (ids == null) {
      return;
    }
    items -= ids.size();
    for (long id : ids) {
      var client = clients.byId(id);
      if (client != null && hears(client)) {
        invalidations.send(client, List.of(key));
      }
    }
  }

  private boolean hears(Client client) {
    var state = client.tracking();
    return state != null
        && state.mode != Mode.BCAST
        && !(state.noLoop && client == clients.running());
  }

  /** Databases were emptied: nothing that anybody has read is to be relied on. */
  public void flushed() {
    for (var client : tracked) {
      invalidations.send(client, null);
    }
    readers.clear();
    items = 0;
  }

  /** Tells of what changed to those who hear of prefixes; once per iteration of the loop. */
  public boolean broadcast(long appendedOffset) {
    return broadcasts.send(appendedOffset);
  }

  /** Clients that are tracked. */
  public int clients() {
    return tracked.size();
  }

  /** Keys in the table. */
  public int keys() {
    return readers.size();
  }

  /** Pairs of a key and a client in the table. */
  public long items() {
    return items;
  }

  /** Prefixes that somebody hears of. */
  public int prefixes() {
    return broadcasts.prefixes();
  }
}
