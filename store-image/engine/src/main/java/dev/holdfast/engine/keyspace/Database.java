package dev.holdfast.engine.keyspace;

import java.util.random.RandomGenerator;

/**
 * One numbered database. A record address is valid until the next change of the keyspace, no
 * longer. Signatures only for now.
 */
public final class Database {
  Database() {}

  /** The number as in {@code SELECT}. */
  public int id() {
    throw new UnsupportedOperationException();
  }

  public long size() {
    throw new UnsupportedOperationException();
  }

  /** Keys that have an expiry. */
  public long expiring() {
    throw new UnsupportedOperationException();
  }

  /** The record, or 0. Never expires anything. */
  public long find(long keyAddress, int keyLength, long hash) {
    throw new UnsupportedOperationException();
  }

  /**
   * Inserts, or replaces the whole value.
   *
   * @param valueAddress 0 leaves the value's bytes for the caller to fill
   * @param expireAtMillis -1 for none
   * @return the record
   */
  public long put(
      long keyAddress,
      int keyLength,
      long hash,
      int type,
      int encoding,
      long valueAddress,
      int valueLength,
      long expireAtMillis) {
    throw new UnsupportedOperationException();
  }

  /**
   * Changes the value's length; keeps key, expiry and the beginning of the value, new bytes are
   * zero. Returns the record, which may have moved.
   */
  public long resize(long record, long hash, int newValueLength) {
    throw new UnsupportedOperationException();
  }

  /** To be called before value bytes are changed in place. */
  public void touchForWrite(long record) {
    throw new UnsupportedOperationException();
  }

  /** Sets the expiry, -1 removes it. Returns the record, which may have moved. */
  public long setExpiry(long record, long hash, long expireAtMillis) {
    throw new UnsupportedOperationException();
  }

  /** Sets the 24 bits of the eviction policy, see {@link Access}. */
  public void setAccess(long record, int access) {
    throw new UnsupportedOperationException();
  }

  public boolean remove(long keyAddress, int keyLength, long hash) {
    throw new UnsupportedOperationException();
  }

  /** Removes everything at once; the memory is given back by {@link Keyspace#reclaim}. */
  public void clear() {
    throw new UnsupportedOperationException();
  }

  /**
   * One step of a scan with the guarantees of {@code SCAN}; returns the next cursor, 0 at the end.
   */
  public long scan(long cursor, int count, RecordVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  /** Any record, 0 when empty. */
  public long randomRecord(RandomGenerator random) {
    throw new UnsupportedOperationException();
  }

  /**
   * Walks buckets with a cursor of its own and visits records whose expiry has passed; returns how
   * many records with an expiry it met.
   */
  public int sampleExpired(long nowMillis, int maxBuckets, RecordVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  /** Fills {@code out} with up to {@code want} records and returns how many. */
  public int sampleForEviction(boolean volatileOnly, int want, long[] out, RandomGenerator random) {
    throw new UnsupportedOperationException();
  }
}
