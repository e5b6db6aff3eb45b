package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.memory.Memory;
import java.util.random.RandomGenerator;

/**
 * Picks records of one database: any, expired ones, candidates for eviction. Walks go by bucket
 * number with cursors that stay valid when the index is moved or replaced: they are only places to
 * go on from. Whether a record has an expiry is a bit in its word, so the others are not touched.
 */
final class Sampler {
  private static final int TRIES = 64;
  private static final int LONGEST_USUAL_CHAIN = 14;

  private long expiryCursor;
  private long evictionCursor;

  /** Any record; all nearly equally likely. 0 when there is none. */
  long random(Index index, RandomGenerator random) {
    if (index.size() == 0) {
      return 0;
    }
    long buckets = index.buckets();
    for (int i = 0; i < TRIES; i++) {
      // A place of a bucket may be empty; only if it counts as a miss do records in full buckets
      // get no smaller chance.
      long bucket = index.bucketByNumber(random.nextLong(buckets));
      long record = recordAt(index, bucket, random.nextInt(LONGEST_USUAL_CHAIN));
      if (record != 0) {
        return record;
      }
    }
    long start = random.nextLong(buckets);
    for (long i = 0; i < buckets; i++) {
      long record = recordAt(index, index.bucketByNumber((start + i) % buckets), 0);
      if (record != 0) {
        return record;
      }
    }
    throw new IllegalStateException("no record in an index of " + index.size());
  }

  private static long recordAt(Index index, long bucket, int position) {
    if (bucket == 0 || Memory.getLong(bucket) == 0) {
      return 0;
    }
    int from = index.beginVisit(bucket);
    int place = from + position;
    long record = place < index.visitEnd() ? Word.record(index.visited(place)) : 0;
    index.endVisit(from);
    return record;
  }

  /** Visits expired records of the next buckets; returns how many records with an expiry it met. */
  int expired(Index index, int db, long nowMillis, int maxBuckets, RecordVisitor visitor) {
    int met = 0;
    long buckets = index.buckets();
    for (int i = 0; i < Math.min(maxBuckets, buckets); i++) {
      if (expiryCursor >= buckets) {
        expiryCursor = 0;
      }
      long bucket = index.bucketByNumber(expiryCursor++);
      if (bucket == 0 || Memory.getLong(bucket) == 0) {
        continue;
      }
      int from = index.beginVisit(bucket);
      int end = index.visitEnd();
      try {
        for (int at = from; at < end; at++) {
          long word = index.visited(at);
          if (Word.expires(word)) {
            met++;
            long record = Word.record(word);
            if (Record.expireAt(record) < nowMillis && !visitor.visit(db, record)) {
              return met;
            }
          }
        }
      } finally {
        index.endVisit(from);
      }
    }
    return met;
  }

  /**
   * Fills {@code out} with up to {@code want} records from buckets that follow each other, from a
   * random one on.
   */
  int forEviction(Index index, boolean volatileOnly, int want, long[] out, RandomGenerator random) {
    if ((volatileOnly ? index.expiring() : index.size()) == 0) {
      return 0;
    }
    long buckets = index.buckets();
    // Where candidates are rare, going on from the last place finds each of them in turn instead of
    // walking over the same gap again.
    boolean rare = volatileOnly && index.expiring() < index.size() / 64;
    long at = rare ? evictionCursor % buckets : random.nextLong(buckets);
    int found = 0;
    for (long i = 0; i < buckets && found < want; i++) {
      found = collect(index, index.bucketByNumber(at), volatileOnly, want, out, found);
      at = at + 1 == buckets ? 0 : at + 1;
    }
    evictionCursor = at;
    return found;
  }

  private static int collect(
      Index index, long bucket, boolean volatileOnly, int want, long[] out, int found) {
    if (bucket == 0 || Memory.getLong(bucket) == 0) {
      return found;
    }
    int from = index.beginVisit(bucket);
    int end = index.visitEnd();
    int count = found;
    for (int i = from; i < end && count < want; i++) {
      long word = index.visited(i);
      if (!volatileOnly || Word.expires(word)) {
        out[count++] = Word.record(word);
      }
    }
    index.endVisit(from);
    return count;
  }
}
