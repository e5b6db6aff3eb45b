package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Slabs;
import java.util.Arrays;

/**
 * The hash table of one database's contents: where the records are. It is the only holder of record
 * addresses between commands.
 *
 * <p>A table is a power of two of {@linkplain Bucket buckets}; it doubles when it holds more than
 * five keys per bucket and shrinks when there is less than one. While more keys are {@linkplain
 * #expect expected} it grows by up to eight at once, so that a load moves each key less often; it
 * is not made for what is only said, because that may be wrong. Neither stops the world: the old
 * and the new table live side by side, and each change moves a few buckets on, in order of their
 * number. A key is in the new table exactly when its old bucket was moved, so every look-up touches
 * one bucket. Between two and a half and five words per 64-byte line the index takes 13 to 26 bytes
 * per key; 13% of the lines overflow at the upper end.
 *
 * <p>While records are visited nothing is moved, so that a visitor may remove what it sees.
 */
final class Index {
  private static final int FIRST_BUCKETS = 4;
  private static final int MAX_PER_BUCKET = 5;
  private static final int MOVED_PER_CHANGE = 4;

  /** How much a table grows at most in one go when more keys are expected. */
  private static final int LARGEST_GROWTH = 8;

  /** Tables beyond 64 MiB only double, so that a wrong expectation costs less than that. */
  private static final long LARGEST_GUESS = 1 << 20;

  private static final int MOVED_PER_LOOK = 64;

  private final Slabs slabs;
  private final Hash hash;
  private long table;
  private long mask;
  private long next;
  private long nextMask;

  /** Buckets of {@code table} below this are in {@code next}; 0 when nothing is being moved. */
  private long moved;

  private boolean moving;
  private int visits;
  private long[] words = new long[64];
  private int wordsEnd;
  private long dismantled;
  private int snapshotDb = -1;
  private boolean held;

  private long size;
  private long expected;
  private long expiring;
  private long bytes;

  Index(Slabs slabs, Hash hash) {
    this.slabs = slabs;
    this.hash = hash;
    this.mask = FIRST_BUCKETS - 1;
    this.table = newTable(FIRST_BUCKETS);
  }

  long size() {
    return size;
  }

  long expiring() {
    return expiring;
  }

  /** Records and index. */
  long bytes() {
    return bytes;
  }

  /** Tells of a record that grew or shrank. */
  void addBytes(long difference) {
    bytes += difference;
  }

  /**
   * A snapshot begins that this index is part of: under that number, and not to be dismantled
   * before the walk is done with it.
   */
  void joinSnapshot(int db) {
    snapshotDb = db;
    held = true;
  }

  /** The walk is done with this index. */
  void release() {
    held = false;
  }

  void leaveSnapshot() {
    snapshotDb = -1;
    held = false;
  }

  /**
   * Number of the database when the running snapshot began; -1 when this index is no part of one.
   */
  int snapshotDb() {
    return snapshotDb;
  }

  boolean isHeld() {
    return held;
  }

  long bucketOf(long hash) {
    long number = hash & mask;
    return number < moved
        ? next + ((hash & nextMask) << Bucket.BYTES_SHIFT)
        : table + (number << Bucket.BYTES_SHIFT);
  }

  long findPlace(long hash, long key, int keyLength) {
    return Bucket.find(bucketOf(hash), hash, key, keyLength);
  }

  /** The record whose key has that whole hash, or 0. */
  long findByHash(long wanted) {
    long bucket = bucketOf(wanted);
    long found = 0;
    int from = beginVisit(bucket);
    for (int i = from; i < visitEnd(); i++) {
      long record = Word.record(words[i]);
      if (Word.tagOf(words[i]) == Word.tag(wanted) && hashOf(record) == wanted) {
        found = record;
      }
    }
    endVisit(from);
    return found;
  }

  /** Adds a record whose key is not there yet. */
  void insert(long hash, long record, boolean expires) {
    bytes += Bucket.append(bucketOf(hash), Word.of(record, hash, expires), slabs);
    bytes += Record.bytes(record);
    size++;
    if (expires) {
      expiring++;
    }
  }

  /** Lets the place of a record point to what became of it. */
  void replace(long place, long hash, long record, boolean expires) {
    boolean expired = Word.expires(Memory.getLong(place));
    Memory.putLong(place, Word.of(record, hash, expires));
    expiring += (expires ? 1 : 0) - (expired ? 1 : 0);
  }

  /** Takes a record out, without freeing it. */
  void remove(long hash, long place) {
    long word = Memory.getLong(place);
    bytes -= Record.bytes(Word.record(word));
    size--;
    if (Word.expires(word)) {
      expiring--;
    }
    bytes -= Bucket.remove(bucketOf(hash), place, slabs);
  }

  // Moving.

  /** To be called at the start of each change, before places are looked up. */
  void stepOnChange() {
    if (moving) {
      move(MOVED_PER_CHANGE);
    } else if (size > (mask + 1) * MAX_PER_BUCKET) {
      begin(grown());
    } else if (size <= mask && mask >= FIRST_BUCKETS && expected <= size) {
      begin(Math.max(FIRST_BUCKETS, Long.highestOneBit(Math.max(1, size / 2))));
    }
  }

  /** How many keys there will probably be; 0 when nothing is known any more. */
  void expect(long keys) {
    expected = keys;
  }

  private long grown() {
    long buckets = mask + 1;
    long grown = buckets * 2;
    while (grown * MAX_PER_BUCKET < expected
        && grown < buckets * LARGEST_GROWTH
        && grown < LARGEST_GUESS) {
      grown *= 2;
    }
    return grown;
  }

  boolean isMoving() {
    return moving;
  }

  /** Moves up to that many buckets on. */
  void move(int buckets) {
    if (!moving || visits > 0) {
      return;
    }
    long end = Math.min(moved + buckets, mask + 1);
    for (long number = moved; number < end; number++) {
      moveBucket(number);
      moved = number + 1;
    }
    if (moved > mask) {
      freeTable(table, mask + 1);
      table = next;
      mask = nextMask;
      next = 0;
      moved = 0;
      moving = false;
    }
  }

  private void begin(long buckets) {
    if (visits > 0 || buckets == mask + 1) {
      return;
    }
    next = newTable(buckets);
    nextMask = buckets - 1;
    moved = 0;
    moving = true;
  }

  private void moveBucket(long number) {
    long bucket = table + (number << Bucket.BYTES_SHIFT);
    long splitBits = nextMask & ~mask;
    for (long line = bucket; line != 0; line = Bucket.link(line)) {
      for (long place = line; place < line + 56; place += 8) {
        long word = Memory.getLong(place);
        if (word == 0) {
          break;
        }
        long target = nextMask > mask ? number | split(word, splitBits) : number & nextMask;
        bytes += Bucket.append(next + (target << Bucket.BYTES_SHIFT), word, slabs);
      }
    }
    bytes -= Bucket.freeLinked(bucket, slabs);
  }

  /** The bits of the key's hash that decide where in the larger table it goes. */
  private long split(long word, long bits) {
    long hash =
        (bits & ~Word.TAG_BITS_OF_HASH) == 0
            ? Word.tagOf(word) << Word.TAG_SHIFT
            : hashOf(Word.record(word));
    return hash & bits;
  }

  private long hashOf(long record) {
    return hash.of(Record.keyAddress(record), Record.keyLength(record));
  }

  /** Moves on until the clock says stop; false when nothing is left to move. */
  boolean moveUntil(Clock clock, long deadline) {
    stepOnChange();
    while (moving && visits == 0) {
      move(MOVED_PER_LOOK);
      if (clock.monotonicNanos() - deadline >= 0) {
        return moving;
      }
    }
    return false;
  }

  // Visiting. Cursors count in reversed bits, as SCAN's do: the high bits first, so that what was
  // visited stays visited when a table is doubled or
  // halved, because a bucket's keys go to, or come from, buckets that differ in the high bits only
  // (Pieter Noordhuis, 2012).

  /**
   * One step of a scan: visits about {@code count} records, but looks at no more than ten times as
   * many buckets. When the visitor stops, the cursor that is returned visits the last bucket once
   * more, so that nothing is missed.
   */
  long scan(int db, long from, int count, RecordVisitor visitor) {
    long cursor = from;
    long seen = 0;
    long looked = 0;
    do {
      long before = cursor;
      long visited;
      if (moving) {
        boolean grows = nextMask > mask;
        long small = grows ? mask : nextMask;
        long large = grows ? nextMask : mask;
        visited = visit(db, bucketAt(!grows, cursor & small), visitor);
        do {
          if (visited >= 0) {
            long more = visit(db, bucketAt(grows, cursor & large), visitor);
            visited = more < 0 ? more : visited + more;
          }
          cursor = advance(cursor, large);
        } while ((cursor & (small ^ large)) != 0);
      } else {
        visited = visit(db, bucketAt(false, cursor & mask), visitor);
        cursor = advance(cursor, mask);
      }
      if (visited < 0) {
        return before;
      }
      seen += visited;
      looked++;
    } while (cursor != 0 && seen < count && looked < count * 10L);
    return cursor;
  }

  private static long advance(long cursor, long mask) {
    return Long.reverse(Long.reverse(cursor | ~mask) + 1);
  }

  /**
   * How many buckets there are, for walks by number: those of the table, then those of the table
   * they are moved to.
   */
  long buckets() {
    return mask + 1 + (moving ? nextMask + 1 : 0);
  }

  /** A bucket by number, or 0 when it was moved. */
  long bucketByNumber(long number) {
    return number <= mask ? bucketAt(false, number) : bucketAt(true, number - mask - 1);
  }

  private long bucketAt(boolean inNext, long number) {
    if (inNext) {
      return next + (number << Bucket.BYTES_SHIFT);
    }
    return number < moved ? 0 : table + (number << Bucket.BYTES_SHIFT);
  }

  private long visit(int db, long bucket, RecordVisitor visitor) {
    if (bucket == 0 || Memory.getLong(bucket) == 0) {
      return 0;
    }
    int from = beginVisit(bucket);
    int end = visitEnd();
    try {
      for (int i = from; i < end; i++) {
        if (!visitor.visit(db, Word.record(words[i]))) {
          return -1;
        }
      }
      return end - from;
    } finally {
      endVisit(from);
    }
  }

  /**
   * Keeps a copy of a bucket's words, so that they may be removed while they are visited; until
   * {@link #endVisit} nothing is moved. Visits nest.
   */
  int beginVisit(long bucket) {
    int from = wordsEnd;
    int room = Bucket.room(bucket);
    if (words.length < from + room) {
      words = Arrays.copyOf(words, 2 * (from + room));
    }
    wordsEnd = Bucket.copyWords(bucket, words, from);
    visits++;
    return from;
  }

  int visitEnd() {
    return wordsEnd;
  }

  long visited(int i) {
    return words[i];
  }

  void endVisit(int from) {
    wordsEnd = from;
    visits--;
  }

  // Giving back.

  /**
   * Frees the records of the next buckets for good; to be called, and nothing else, until it
   * returns false.
   */
  boolean dismantle(int buckets) {
    long end = Math.min(dismantled + buckets, buckets());
    for (; dismantled < end; dismantled++) {
      long bucket = bucketByNumber(dismantled);
      if (bucket != 0) {
        freeRecords(bucket);
      }
    }
    if (dismantled < buckets()) {
      return true;
    }
    freeTable(table, mask + 1);
    if (moving) {
      freeTable(next, nextMask + 1);
    }
    return false;
  }

  private void freeRecords(long bucket) {
    int from = beginVisit(bucket);
    for (int i = from; i < wordsEnd; i++) {
      long record = Word.record(words[i]);
      bytes -= Record.bytes(record);
      slabs.free(record, Record.size(record));
    }
    endVisit(from);
    bytes -= Bucket.freeLinked(bucket, slabs);
  }

  private long newTable(long buckets) {
    bytes += Slabs.tableSize(buckets * Bucket.BYTES);
    return slabs.allocateTable(buckets * Bucket.BYTES);
  }

  private void freeTable(long address, long buckets) {
    bytes -= Slabs.tableSize(buckets * Bucket.BYTES);
    slabs.freeTable(address, buckets * Bucket.BYTES);
  }
}
