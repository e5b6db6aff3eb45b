package dev.holdfast.engine.keyspace;

import java.util.random.RandomGenerator;

/**
 * Chooses what is evicted when memory is short; to remove it and to propagate that is the caller's
 * part.
 *
 * <p>As in Redis, the best of a few random records is taken, and the runners-up are kept in a small
 * pool that the next samples compete with: with five samples that comes close to true LRU, LFU or
 * TTL order without a list of all keys. A pool entry is a database and the key's hash, not an
 * address: it is looked up again before it is used, and dropped when the key is gone or was used
 * since.
 */
public final class Eviction {
  private static final int POOL = 16;

  private final Keyspace keyspace;
  private final RandomGenerator random;
  private final int[] poolDb = new int[POOL];
  private final long[] poolHash = new long[POOL];
  private final long[] poolScore = new long[POOL];
  private int poolSize;

  private EvictionPolicy policy = EvictionPolicy.NOEVICTION;
  private int samples = 5;
  private int lfuDecayMinutes = 1;
  private long[] sampled = new long[samples];
  private int nextDb;
  private int victimDb;
  private long victimRecord;

  public Eviction(Keyspace keyspace, RandomGenerator random) {
    this.keyspace = keyspace;
    this.random = random;
  }

  /**
   * Takes over the settings.
   *
   * @param samples {@code maxmemory-samples}, at least 1
   * @param lfuDecayMinutes {@code lfu-decay-time}
   */
  public void configure(EvictionPolicy policy, int samples, int lfuDecayMinutes) {
    if (policy != this.policy) {
      poolSize = 0;
    }
    this.policy = policy;
    this.samples = samples;
    this.lfuDecayMinutes = lfuDecayMinutes;
    if (sampled.length < samples) {
      sampled = new long[samples];
    }
  }

  /**
   * Chooses a victim: {@link #victimDb} and {@link #victimRecord} say which; false when the policy
   * allows none.
   */
  public boolean choose(long nowMillis) {
    return switch (policy) {
      case NOEVICTION -> false;
      case ALLKEYS_RANDOM, VOLATILE_RANDOM -> chooseAny();
      case ALLKEYS_LRU, ALLKEYS_LFU, VOLATILE_LRU, VOLATILE_LFU, VOLATILE_TTL ->
          chooseBest(nowMillis);
    };
  }

  /** Number of the victim's database. */
  public int victimDb() {
    return victimDb;
  }

  /** The victim; valid until the next change of the keyspace. */
  public long victimRecord() {
    return victimRecord;
  }

  private boolean chooseAny() {
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(nextDb);
      nextDb = (nextDb + 1) % keyspace.databases();
      if (database.sampleForEviction(policy.volatileOnly(), 1, sampled, random) == 1) {
        victimDb = database.id();
        victimRecord = sampled[0];
        return true;
      }
    }
    return false;
  }

  private boolean chooseBest(long nowMillis) {
    // Each round draws fresh samples that are valid now; only entries from before can be dropped,
    // so the second round finds something if there is anything.
    while (samplePool(nowMillis) > 0) {
      while (poolSize > 0) {
        poolSize--;
        if (isStillBest(nowMillis)) {
          return true;
        }
      }
    }
    return false;
  }

  private int samplePool(long nowMillis) {
    int count = 0;
    for (int db = 0; db < keyspace.databases(); db++) {
      Database database = keyspace.database(db);
      int found = database.sampleForEviction(policy.volatileOnly(), samples, sampled, random);
      for (int i = 0; i < found; i++) {
        long record = sampled[i];
        long hash = keyspace.hash(Record.keyAddress(record), Record.keyLength(record));
        offer(db, hash, score(record, nowMillis));
      }
      count += found;
    }
    return count;
  }

  /** Keeps the pool in ascending order of score; what does not fit is the lowest. */
  private void offer(int db, long hash, long score) {
    for (int i = 0; i < poolSize; i++) {
      if (poolHash[i] == hash && poolDb[i] == db) {
        return;
      }
    }
    if (poolSize == POOL) {
      if (score <= poolScore[0]) {
        return;
      }
      movePool(1, 0, --poolSize);
    }
    int at = poolSize;
    while (at > 0 && poolScore[at - 1] > score) {
      at--;
    }
    movePool(at, at + 1, poolSize - at);
    poolDb[at] = db;
    poolHash[at] = hash;
    poolScore[at] = score;
    poolSize++;
  }

  private void movePool(int from, int to, int count) {
    System.arraycopy(poolDb, from, poolDb, to, count);
    System.arraycopy(poolHash, from, poolHash, to, count);
    System.arraycopy(poolScore, from, poolScore, to, count);
  }

  /**
   * Whether the entry that was just taken from the pool's end is there, allowed, and not less worth
   * evicting than when it was pooled.
   */
  private boolean isStillBest(long nowMillis) {
    Database database = keyspace.database(poolDb[poolSize]);
    long record = database.findByHash(poolHash[poolSize]);
    if (record == 0
        || (policy.volatileOnly() && !Record.hasExpiry(record))
        || score(record, nowMillis) < poolScore[poolSize]) {
      return false;
    }
    victimDb = database.id();
    victimRecord = record;
    return true;
  }

  /** The higher, the sooner it goes. */
  private long score(long record, long nowMillis) {
    return switch (policy) {
      case ALLKEYS_LRU, VOLATILE_LRU -> Access.idleMillis(Record.access(record), nowMillis);
      case ALLKEYS_LFU, VOLATILE_LFU ->
          255 - Access.lfuCounter(Record.access(record), nowMillis, lfuDecayMinutes);
      case VOLATILE_TTL -> Long.MAX_VALUE - Record.expireAt(record);
      case NOEVICTION, ALLKEYS_RANDOM, VOLATILE_RANDOM ->
          throw new IllegalStateException(policy + " does not score");
    };
  }
}
