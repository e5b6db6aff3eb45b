package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Keys;
import dev.holdfast.engine.command.ServerStats;
import dev.holdfast.engine.keyspace.ExpiryCycle;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import java.util.function.BooleanSupplier;

/**
 * What the keyspace needs between commands, in slices short enough that nobody waits for them:
 * active expiry, rehashing, memory given back.
 */
final class Upkeep implements Agent {
  private static final long SLICE_NANOS = 500_000;

  /** A cycle that used up its slice goes on in the next iteration, up to this share of a period. */
  private static final int LARGEST_SHARE = 4;

  private final Keyspace keyspace;
  private final Keys keys;
  private final Clock clock;
  private final ServerStats stats;
  private final ExpiryCycle expiry;
  private final BooleanSupplier paused;
  private boolean activeExpiry = true;
  private boolean rehashing = true;
  private long expiryBudget;

  /**
   * @param paused nothing expires by itself while it holds
   */
  Upkeep(Keyspace keyspace, Keys keys, BooleanSupplier paused, Clock clock, ServerStats stats) {
    this.keyspace = keyspace;
    this.keys = keys;
    this.paused = paused;
    this.clock = clock;
    this.stats = stats;
    this.expiry = new ExpiryCycle(keyspace, clock, this::expire);
  }

  void activeExpiry(boolean on) {
    activeExpiry = on;
  }

  void rehashing(boolean on) {
    rehashing = on;
  }

  /** Once per period of {@code hz}. */
  void cron(long periodNanos) {
    expiryBudget = periodNanos / LARGEST_SHARE;
  }

  @Override
  public int doWork() {
    if (keys.isLoading()) {
      return 0;
    }
    int done = 0;
    if (expiryBudget > 0) {
      done += expire();
    }
    if (keyspace.reclaim(SLICE_NANOS)) {
      done++;
    }
    if (rehashing && keyspace.rehashFor(SLICE_NANOS)) {
      done++;
    }
    return done;
  }

  private int expire() {
    if (!activeExpiry || paused.getAsBoolean()) {
      expiryBudget = 0;
      return 0;
    }
    long start = clock.monotonicNanos();
    int removed = expiry.run(clock.wallMillis(), SLICE_NANOS);
    long took = clock.monotonicNanos() - start;
    stats.expiryNanos += took;
    expiryBudget = took < SLICE_NANOS ? 0 : expiryBudget - took;
    return removed;
  }

  private boolean expire(int db, long record) {
    long key = Record.keyAddress(record);
    int length = Record.keyLength(record);
    keys.expire(keyspace.database(db), key, length, keyspace.hash(key, length));
    return true;
  }

  @Override
  public String roleName() {
    return "upkeep";
  }
}
