package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.clock.Clock;

/** Active expiry, bounded in time. Signatures only for now. */
public final class ExpiryCycle {
  /**
   * @param expire removes the record it gets and propagates that
   */
  public ExpiryCycle(Keyspace keyspace, Clock clock, RecordVisitor expire) {}

  /**
   * Works for at most about {@code budgetNanos}, less when little is expired; returns how many
   * records it handed over.
   */
  public int run(long nowMillis, long budgetNanos) {
    throw new UnsupportedOperationException();
  }
}
