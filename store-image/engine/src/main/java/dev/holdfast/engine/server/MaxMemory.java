package dev.holdfast.engine.server;

import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.Keys;
import dev.holdfast.engine.command.ServerStats;
import dev.holdfast.engine.keyspace.Eviction;
import dev.holdfast.engine.keyspace.EvictionPolicy;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * {@code maxmemory}: evicts keys by the policy before a command runs, for a short time at most;
 * what is still too much then goes between later commands. Only keys and client buffers count, not
 * the Java heap, which has a size of its own.
 */
final class MaxMemory implements Executor.MemoryLimit {
  private static final long LONGEST_NANOS = 500_000;
  private static final int KEYS_BETWEEN_LOOKS = 16;

  private final Keyspace keyspace;
  private final Keys keys;
  private final Clients clients;
  private final BooleanSupplier paused;
  private final Clock clock;
  private final ServerStats stats;
  private final Eviction eviction;
  private long limit;
  private EvictionPolicy policy = EvictionPolicy.NOEVICTION;
  private long peak;

  /**
   * @param paused nothing is evicted while it holds
   */
  MaxMemory(
      Keyspace keyspace,
      Keys keys,
      Clients clients,
      BooleanSupplier paused,
      Clock clock,
      ServerStats stats,
      RandomGenerator random) {
    this.keyspace = keyspace;
    this.keys = keys;
    this.clients = clients;
    this.paused = paused;
    this.clock = clock;
    this.stats = stats;
    this.eviction = new Eviction(keyspace, random);
  }

  void configure(long limit, EvictionPolicy policy, int samples, int lfuDecayMinutes) {
    this.limit = limit;
    this.policy = policy;
    eviction.configure(policy, samples, lfuDecayMinutes);
  }

  /** Bytes of keys, indexes and client buffers. */
  long used() {
    return keyspace.usedBytes() + clients.bufferBytes();
  }

  /** The most that {@link #used} was. */
  long peak() {
    peak = Math.max(peak, used());
    return peak;
  }

  @Override
  public boolean makeRoom() {
    if (limit == 0 || !isOver()) {
      return true;
    }
    if (policy == EvictionPolicy.NOEVICTION || paused.getAsBoolean()) {
      return false;
    }
    long start = clock.monotonicNanos();
    boolean room = evictUntil(start + LONGEST_NANOS);
    stats.evictionNanos += clock.monotonicNanos() - start;
    return room;
  }

  private boolean evictUntil(long deadline) {
    long now = clock.wallMillis();
    for (int evicted = 1; isOver(); evicted++) {
      if (!eviction.choose(now)) {
        return false;
      }
      long record = eviction.victimRecord();
      long key = Record.keyAddress(record);
      int length = Record.keyLength(record);
      keys.evict(keyspace.database(eviction.victimDb()), key, length, keyspace.hash(key, length));
      if (evicted % KEYS_BETWEEN_LOOKS == 0 && clock.monotonicNanos() - deadline >= 0) {
        return true;
      }
    }
    return true;
  }

  /** What waits to be given back does not count: evicting more would not bring it back sooner. */
  private boolean isOver() {
    return Long.compareUnsigned(used() - keyspace.pendingBytes(), limit) > 0;
  }
}
