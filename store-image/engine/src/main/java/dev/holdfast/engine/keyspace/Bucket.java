package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Slabs;

/**
 * One cache line of the index: seven {@linkplain Word words} and a link to a further line when more
 * are needed. The words of a chain of lines are packed to its front, so a search ends at the first
 * empty place, and a removal moves the chain's last word into the gap.
 */
final class Bucket {
  static final int BYTES = 64;
  static final int BYTES_SHIFT = 6;

  private static final int WORDS_END = 56;
  private static final int LINK = 56;

  private Bucket() {}

  static long link(long line) {
    return Memory.getLong(line + LINK);
  }

  /** The place of the key's word, or 0. */
  static long find(long bucket, long hash, long key, int keyLength) {
    long tag = Word.tag(hash);
    for (long line = bucket; line != 0; line = link(line)) {
      for (long place = line; place < line + WORDS_END; place += 8) {
        long word = Memory.getLong(place);
        if (word == 0) {
          return 0;
        }
        if (Word.tagOf(word) == tag) {
          long record = Word.record(word);
          if (Record.keyLength(record) == keyLength
              && Memory.equal(Record.keyAddress(record), key, keyLength)) {
            return place;
          }
        }
      }
    }
    return 0;
  }

  /** The place of the word that points to the record; it has to be there. */
  static long findRecord(long bucket, long record) {
    for (long line = bucket; line != 0; line = link(line)) {
      for (long place = line; place < line + WORDS_END; place += 8) {
        if (Word.record(Memory.getLong(place)) == record) {
          return place;
        }
      }
    }
    throw new IllegalStateException(
        "no key at record 0x"
            + Long.toHexString(record)
            + ": it was used after a change of the keyspace, or with another key's hash");
  }

  /** The first record with the hash's tag, or 0: a guess that needs no look at the record. */
  static long firstTagged(long bucket, long hash) {
    long tag = Word.tag(hash);
    for (long place = bucket; place < bucket + WORDS_END; place += 8) {
      long word = Memory.getLong(place);
      if (word == 0) {
        return 0;
      }
      if (Word.tagOf(word) == tag) {
        return Word.record(word);
      }
    }
    return 0;
  }

  /** Adds a word at the end; returns how many bytes of further lines that took. */
  static long append(long bucket, long word, Slabs slabs) {
    long line = bucket;
    while (true) {
      for (long place = line; place < line + WORDS_END; place += 8) {
        if (Memory.getLong(place) == 0) {
          Memory.putLong(place, word);
          return 0;
        }
      }
      long next = link(line);
      if (next == 0) {
        next = slabs.allocateTable(BYTES);
        Memory.putLong(next, word);
        Memory.putLong(line + LINK, next);
        return Slabs.tableSize(BYTES);
      }
      line = next;
    }
  }

  /** Empties a place; returns how many bytes of further lines that gave back. */
  static long remove(long bucket, long gap, Slabs slabs) {
    long beforeLast = 0;
    long lastLine = bucket;
    for (long next = link(lastLine); next != 0; next = link(lastLine)) {
      beforeLast = lastLine;
      lastLine = next;
    }
    long last = lastLine + WORDS_END - 8;
    while (Memory.getLong(last) == 0) {
      last -= 8;
    }
    Memory.putLong(gap, Memory.getLong(last));
    Memory.putLong(last, 0);
    if (last == lastLine && beforeLast != 0) {
      Memory.putLong(beforeLast + LINK, 0);
      slabs.freeTable(lastLine, BYTES);
      return Slabs.tableSize(BYTES);
    }
    return 0;
  }

  /**
   * Gives the further lines of a bucket back, whatever they hold; returns how many bytes that were.
   */
  static long freeLinked(long bucket, Slabs slabs) {
    long bytes = 0;
    for (long line = link(bucket); line != 0; ) {
      long next = link(line);
      slabs.freeTable(line, BYTES);
      bytes += Slabs.tableSize(BYTES);
      line = next;
    }
    return bytes;
  }

  /**
   * Copies a chain's words to {@code out} from {@code from} on and returns the end; the array has
   * to be large enough, see {@link #count}.
   */
  static int copyWords(long bucket, long[] out, int from) {
    int at = from;
    for (long line = bucket; line != 0; line = link(line)) {
      for (long place = line; place < line + WORDS_END; place += 8) {
        long word = Memory.getLong(place);
        if (word == 0) {
          return at;
        }
        out[at++] = word;
      }
    }
    return at;
  }

  /** An upper bound of the number of words in a chain, near the truth. */
  static int room(long bucket) {
    int lines = 1;
    for (long line = link(bucket); line != 0; line = link(line)) {
      lines++;
    }
    return lines * (WORDS_END / 8);
  }
}
