package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.memory.Memory;

/**
 * Seeded 64-bit hash of a range of bytes.
 *
 * <p>Folded multiplication: the 128-bit product of two words, its halves combined by xor, mixes 16
 * bytes in one step (the idea of wyhash and its relatives). A factor of zero would swallow the
 * other one, so every word of the input meets a secret of its own that is derived from the seed:
 * who does not know the seed can neither hit zero nor make keys that collide. This is not a
 * cryptographic hash; it is there so that a table keyed by strangers stays a table.
 *
 * <p>All 64 bits are good: the index takes the bucket from the low ones and the tag from the ones
 * above.
 */
public final class Hash {
  private final long k0;
  private final long k1;
  private final long k2;
  private final long k3;

  /** A hash function of its own per seed; take the seed from a secure random source. */
  public Hash(long seed) {
    k0 = secret(seed, 1);
    k1 = secret(seed, 2);
    k2 = secret(seed, 3);
    k3 = secret(seed, 4);
  }

  public long of(long address, int length) {
    long low;
    long high;
    long state = k1;
    if (length <= 16) {
      if (length >= 8) {
        low = Memory.getLong(address);
        high = Memory.getLong(address + length - 8);
      } else if (length >= 4) {
        low = Memory.getInt(address) & 0xffff_ffffL;
        high = Memory.getInt(address + length - 4) & 0xffff_ffffL;
      } else if (length > 0) {
        low =
            (Memory.getByte(address) & 0xffL)
                | (Memory.getByte(address + (length >>> 1)) & 0xffL) << 8
                | (Memory.getByte(address + length - 1) & 0xffL) << 16;
        high = 0;
      } else {
        low = 0;
        high = 0;
      }
    } else {
      long at = address;
      long last = address + length - 16;
      do {
        state = fold(Memory.getLong(at) ^ k0, Memory.getLong(at + 8) ^ state);
        at += 16;
      } while (at < last);
      low = Memory.getLong(last);
      high = Memory.getLong(last + 8);
    }
    return fold(fold(low ^ k2, high ^ state) ^ k0 ^ length, k3);
  }

  private static long fold(long a, long b) {
    return a * b ^ Math.unsignedMultiplyHigh(a, b);
  }

  /**
   * An odd word, far from zero, by two rounds of the finaliser of SplitMix64 (Steele, Lea, Flood
   * 2014).
   */
  private static long secret(long seed, int which) {
    long z = seed + which * 0x9e3779b97f4a7c15L;
    for (int round = 0; round < 2; round++) {
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      z ^= z >>> 31;
      z += which;
    }
    return z | 1;
  }
}
