package dev.holdfast.engine.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Holds what leaves a connection until the log offset it depends on is safe.
 *
 * <p>A reply depends on the command's own effect and on the last effect of every key it looked up,
 * missing ones included: otherwise a client could act on a value that a power cut takes back. The
 * last effect per key is kept in a fixed table by (database, key hash), so that two keys may share
 * an entry: that can only hold a reply longer, never let it go too early. Replies of one connection
 * leave in order, so a held one holds those behind it.
 *
 * <p>The command thread owns it.
 */
public final class Gate {
  private static final int TABLE_BITS = 16;

  private final long[] lastEffect = new long[1 << TABLE_BITS];

  /** Per database: the last effect on any of its keys, and the last on all of them. */
  private long[] lastInDatabase = new long[16];

  private long[] lastOnDatabase = new long[16];

  private final List<Client> held = new ArrayList<>();
  private long released;

  /** Remembers that an effect at {@code offset} changed the key. Offsets never go down. */
  public void wrote(int db, long hash, long offset) {
    lastEffect[slot(db, hash)] = offset;
    room(db);
    lastInDatabase[db] = offset;
  }

  /** Remembers that an effect changed the whole database ({@code FLUSHDB}, {@code SWAPDB}). */
  public void wroteDatabase(int db, long offset) {
    room(db);
    lastInDatabase[db] = offset;
    lastOnDatabase[db] = offset;
  }

  /** The offset that has to be safe before anyone may hear of the key. */
  public long dependsOn(int db, long hash) {
    long effect = lastEffect[slot(db, hash)];
    return db < lastOnDatabase.length ? Math.max(effect, lastOnDatabase[db]) : effect;
  }

  /** The same for a question about the whole database ({@code SCAN}, {@code DBSIZE}). */
  public long dependsOnDatabase(int db) {
    return db < lastInDatabase.length ? lastInDatabase[db] : 0;
  }

  private void room(int db) {
    if (db >= lastInDatabase.length) {
      int size = Math.max(db + 1, lastInDatabase.length * 2);
      lastInDatabase = Arrays.copyOf(lastInDatabase, size);
      lastOnDatabase = Arrays.copyOf(lastOnDatabase, size);
    }
  }

  private static int slot(int db, long hash) {
    return (int) ((hash + db * 0x9E3779B97F4A7C15L) * 0xD6E8FEB86659FD93L >>> 64 - TABLE_BITS);
  }

  /** Everything up to here may leave. */
  public long released() {
    return released;
  }

  /** Lets go of everything that depends on offsets up to {@code offset}. */
  public void release(long offset) {
    released = offset;
    for (int i = held.size() - 1; i >= 0; i--) {
      if (held.get(i).release(offset)) {
        remove(i);
      }
    }
  }

  /** Replaces every reply that is still held by an error, one for one, and lets it go. */
  public void fail(String codeAndText) {
    for (Client client : held) {
      client.failHeld(released, codeAndText);
    }
    held.clear();
  }

  /** Clients that have something held. */
  public int held() {
    return held.size();
  }

  /** A client's first reply is held. */
  void hold(Client client) {
    held.add(client);
  }

  /** A client is gone. */
  void forget(Client client) {
    int i = held.indexOf(client);
    if (i >= 0) {
      remove(i);
    }
  }

  private void remove(int i) {
    int last = held.size() - 1;
    held.set(i, held.get(last));
    held.remove(last);
  }
}
