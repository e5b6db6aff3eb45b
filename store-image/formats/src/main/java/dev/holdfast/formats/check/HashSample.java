package dev.holdfast.formats.check;

import dev.holdfast.formats.offheap.Raw;

/** A set of byte strings, known by 64-bit hashes, that takes no more than so many. */
final class HashSample {
  private final int cap;
  private long[] slots = new long[64];
  private int size;

  HashSample(int cap) {
    this.cap = cap;
  }

  void add(long address, int length) {
    if (isFull()) {
      return;
    }
    if (put(slots, hash(address, length))) {
      size++;
      if (2 * size > slots.length) {
        var larger = new long[2 * slots.length];
        for (long hash : slots) {
          if (hash != 0) {
            put(larger, hash);
          }
        }
        slots = larger;
      }
    }
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size >= cap;
  }

  private static boolean put(long[] table, long hash) {
    int mask = table.length - 1;
    for (int i = (int) hash & mask; ; i = i + 1 & mask) {
      if (table[i] == hash) {
        return false;
      }
      if (table[i] == 0) {
        table[i] = hash;
        return true;
      }
    }
  }

  /** Never 0, which is a free slot. */
  private static long hash(long address, int length) {
    long hash = length;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ Raw.unsigned(address + i)) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return hash == 0 ? 1 : hash;
  }
}
