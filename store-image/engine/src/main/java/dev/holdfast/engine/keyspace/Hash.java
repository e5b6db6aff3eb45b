package dev.holdfast.engine.keyspace;

/** Seeded 64-bit hash of a range of bytes. Signatures only for now. */
public final class Hash {
  /**
   * A hash function of its own per seed; take the seed from a secure random source, so that nobody
   * can make keys that collide.
   */
  public Hash(long seed) {}

  public long of(long address, int length) {
    throw new UnsupportedOperationException();
  }
}
