package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.clock.Clock;

/**
 * Active expiry: finds keys whose time has passed although nobody asks for them, and hands them
 * over to be removed.
 *
 * <p>Each run looks at some buckets of each database that has keys with an expiry. Where more than
 * a tenth of what it met had expired it looks on, until the time is up; so the effort follows the
 * need, and about a tenth of the keys with an expiry may be stale. The next run goes on where the
 * time ran out.
 */
public final class ExpiryCycle {
  private static final int BUCKETS_PER_LOOK = 64;
  private static final int TOLERATED_SHARE = 10;

  private final Keyspace keyspace;
  private final Clock clock;
  private final RecordVisitor expire;
  private final RecordVisitor visitor;
  private int expired;
  private int db;

  /**
   * @param expire removes the record it gets and propagates that; stops the run by returning false
   */
  public ExpiryCycle(Keyspace keyspace, Clock clock, RecordVisitor expire) {
    this.keyspace = keyspace;
    this.clock = clock;
    this.expire = expire;
    this.visitor = this::hand;
  }

  /**
   * Works for at most about {@code budgetNanos}, less when little is expired; returns how many
   * records it handed over.
   */
  public int run(long nowMillis, long budgetNanos) {
    long deadline = clock.monotonicNanos() + budgetNanos;
    int all = 0;
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(db);
      boolean goOn = true;
      while (goOn && database.expiring() > 0) {
        expired = 0;
        int met = database.sampleExpired(nowMillis, BUCKETS_PER_LOOK, visitor);
        all += expired;
        goOn = expired * TOLERATED_SHARE > met;
        if (clock.monotonicNanos() - deadline >= 0) {
          return all;
        }
      }
      db = (db + 1) % keyspace.databases();
    }
    return all;
  }

  private boolean hand(int number, long record) {
    expired++;
    return expire.visit(number, record);
  }
}
