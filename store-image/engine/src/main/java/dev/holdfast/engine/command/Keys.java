package dev.holdfast.engine.command;

import static dev.holdfast.engine.command.NativeWord.DEL;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.Gate;
import dev.holdfast.engine.keyspace.Access;
import dev.holdfast.engine.keyspace.Database;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.engine.pubsub.KeyEvent;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The policy on top of the keyspace: what has expired is removed when it is met and the removal is
 * logged; accesses are remembered for eviction; watchers hear of every change, and the gate of
 * every change but expiry.
 *
 * <p>Owned by the command thread.
 */
public final class Keys {
  /** Nothing is remembered of how a string came to be. */
  private static final int PLAIN = 0;

  private final Keyspace keyspace;
  private final EffectLog log;
  private final Gate gate;
  private final Watches watches;
  private final ServerStats stats;
  private final RandomGenerator random;
  private final Args removal = new Args();
  private final Changes changes = new Changes();
  private Listeners listeners = Listeners.none();
  private boolean lfu;
  private int lfuDecayMinutes = 1;
  private int lfuLogFactor = 10;
  private BooleanSupplier resting = () -> false;
  private boolean loading;
  private boolean executing;

  public Keys(
      Keyspace keyspace,
      EffectLog log,
      Gate gate,
      Watches watches,
      ServerStats stats,
      RandomGenerator random) {
    this.keyspace = keyspace;
    this.log = log;
    this.gate = gate;
    this.watches = watches;
    this.stats = stats;
    this.random = random;
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  public Watches watches() {
    return watches;
  }

  /**
   * While data is loaded nothing expires and nothing is logged; what is loaded counts as used when
   * that began.
   */
  public void loading(boolean on, long now) {
    this.loading = on;
    listeners.muted(on);
    int used = lfu ? Access.lfuInitial(now) : Access.lru(now);
    keyspace.accessOfNew(on ? used : 0);
  }

  /** Who hears of changes. */
  public void tell(Listeners listeners) {
    this.listeners = listeners;
  }

  Listeners listeners() {
    return listeners;
  }

  public boolean isLoading() {
    return loading;
  }

  /**
   * While {@code condition} holds, a read that meets an expired key answers that it is missing and
   * leaves it where it is, so that nothing is logged.
   */
  public void expireNothingWhile(BooleanSupplier condition) {
    resting = condition;
  }

  /** How accesses are remembered: by frequency, or by time. */
  public void trackAccess(boolean lfu, int decayMinutes, int logFactor) {
    this.lfu = lfu;
    this.lfuDecayMinutes = decayMinutes;
    this.lfuLogFactor = logFactor;
  }

  /** Whether how often keys are used is remembered, and not when. */
  public boolean tracksFrequency() {
    return lfu;
  }

  /** For how long a key was not used. */
  public long idleMillis(long record, long now) {
    return Access.idleMillis(Record.access(record), now);
  }

  /** How often a key is used, 0 to 255 on a logarithmic scale. */
  public int frequency(long record, long now) {
    return Access.lfuCounter(Record.access(record), now, lfuDecayMinutes);
  }

  /**
   * Sets what {@code RESTORE} or a file says about a key's use, as far as the policy remembers it.
   *
   * @param idleSeconds -1 for unknown
   * @param frequency -1 for unknown
   */
  public void usage(long record, long idleSeconds, long frequency, long now) {
    if (lfu && frequency >= 0) {
      Record.setAccess(record, (Access.lfuInitial(now) & ~0xff) | (int) frequency);
    } else if (!lfu && idleSeconds >= 0) {
      Record.setAccess(record, Access.lru(now - idleSeconds * 1000));
    }
  }

  /**
   * The record of a key that has not expired, or 0.
   *
   * @param forWrite whether the command may write: it then needs the expired key gone from the log
   *     before its own effect, which may depend on that
   */
  long find(Database db, long key, int length, long hash, long now, boolean forWrite) {
    long record = db.find(key, length, hash);
    if (record == 0) {
      return 0;
    }
    long expireAt = Record.expireAt(record);
    if (expireAt < 0 || now <= expireAt || loading) {
      return record;
    }
    if (forWrite || !resting.getAsBoolean()) {
      expire(db, key, length, hash);
    }
    return 0;
  }

  /** Whether a record has expired. */
  boolean isExpired(long record, long now) {
    long expireAt = Record.expireAt(record);
    return expireAt >= 0 && expireAt < now && !loading;
  }

  /**
   * Removes a key because its time is over. Nobody waits for that to be durable: should a power cut
   * bring the key back, its time is over all the same.
   */
  public void expire(Database db, long key, int length, long hash) {
    stats.expiredKeys++;
    removed(KeyEvent.EXPIRED, db, key, length, hash);
  }

  /** Removes a key because memory is short: a change like any other. */
  public void evict(Database db, long key, int length, long hash) {
    stats.evictedKeys++;
    removed(KeyEvent.EVICTED, db, key, length, hash);
    if (executing) {
      changes.key(db.id(), hash);
    } else {
      gate.wrote(db.id(), hash, log.appendedOffset());
    }
  }

  /** Removes a key, and tells who listens. */
  private void removed(KeyEvent event, Database db, long key, int length, long hash) {
    if (!listeners.any()) {
      remove(db, key, length, hash);
      return;
    }
    var name = ByteString.of(key, length);
    remove(db, key, length, hash);
    listeners.removed(event, db.id(), name);
    listeners.caused(executing, log.appendedOffset());
  }

  private void remove(Database db, long key, int length, long hash) {
    removal.clear();
    removal.add(DEL.address(), DEL.length());
    removal.add(key, length);
    log.append(db.id(), removal);
    byte[] name = watches.any() ? Memory.bytes(key, length) : null;
    db.remove(key, length, hash);
    if (name != null) {
      watches.changed(db.id(), name);
    }
  }

  /**
   * {@code SET key value} of the log, which most of a log consists of: what the command comes to
   * while nobody watches, waits or listens, and everything loaded counts as used when that began.
   *
   * @return false where it comes to more, because accesses are counted, or the key's hash is not
   *     known yet: nothing was done then
   */
  boolean storeLoaded(int db, Args args) {
    if (lfu || args.hashedIndex() != 1) {
      return false;
    }
    keyspace
        .database(db)
        .put(
            args.address(1),
            args.length(1),
            args.hash(),
            Record.STRING,
            PLAIN,
            args.address(2),
            args.length(2),
            -1);
    return true;
  }

  /** Remembers an access of a client. */
  void touch(long record, long now) {
    int access = Record.access(record);
    int touched =
        lfu
            ? Access.lfuTouch(access, now, lfuDecayMinutes, lfuLogFactor, random.nextDouble())
            : Access.lru(now);
    if (touched != access) {
      Record.setAccess(record, touched);
    }
  }

  /** Storing is an access; a record that was replaced keeps its frequency. */
  void stored(long record, long now) {
    if (!lfu) {
      Record.setAccess(record, Access.lru(now));
    } else if (Record.access(record) == 0) {
      Record.setAccess(record, Access.lfuInitial(now));
    }
  }

  /**
   * From here to {@link #end}, changes become visible to the gate together, at the offset after the
   * last effect.
   */
  void begin() {
    executing = true;
  }

  /** A key was changed by the running command. */
  void changed(Database db, long key, int length, long hash) {
    if (loading) {
      return;
    }
    changes.key(db.id(), hash);
    if (watches.any()) {
      watches.changed(db.id(), Memory.bytes(key, length));
    }
    if (listeners.any()) {
      listeners.changed(key, length);
    }
  }

  /** A whole database was changed by the running command. */
  void changedDatabase(int db) {
    if (!loading) {
      changes.database(db);
    }
  }

  /**
   * Ends what {@link #begin} began.
   *
   * @return whether anything was changed
   */
  boolean end() {
    executing = false;
    boolean any = changes.any();
    if (any) {
      changes.tell(gate, log.appendedOffset());
    }
    return any;
  }

  /** The log offset that has to be safe before somebody hears of the key. */
  long dependsOn(Database db, long hash) {
    return gate.dependsOn(db.id(), hash);
  }

  /** The same for a question about all keys of a database. */
  long dependsOnDatabase(int db) {
    return gate.dependsOnDatabase(db);
  }
}
