package dev.holdfast.engine.keyspace;

import java.util.random.RandomGenerator;

/** Chooses what is evicted. Signatures only for now. */
public final class Eviction {
  public Eviction(Keyspace keyspace, RandomGenerator random) {}

  public void configure(EvictionPolicy policy, int samples, int lfuDecayMinutes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Chooses a victim: {@link #victimDb} and {@link #victimRecord} say which; false when the policy
   * allows none.
   */
  public boolean choose(long nowMillis) {
    throw new UnsupportedOperationException();
  }

  public int victimDb() {
    throw new UnsupportedOperationException();
  }

  public long victimRecord() {
    throw new UnsupportedOperationException();
  }
}
