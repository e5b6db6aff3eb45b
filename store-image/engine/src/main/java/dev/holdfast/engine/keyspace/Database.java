package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Slabs;
import java.util.random.RandomGenerator;

/**
 * One numbered database: keys, their values and expiry times.
 *
 * <p>A record address that is handed out is valid until the next change of the keyspace (any call
 * here that is not a look-up), no longer. Nothing is expired by itself: {@link #find} returns
 * records whose time has passed.
 */
public final class Database {
  private final Keyspace keyspace;
  private final Slabs slabs;
  private final int id;
  private final Sampler sampler = new Sampler();
  private Index index;

  Database(Keyspace keyspace, Slabs slabs, int id) {
    this.keyspace = keyspace;
    this.slabs = slabs;
    this.id = id;
    this.index = keyspace.newIndex();
  }

  /** The number as in {@code SELECT}. */
  public int id() {
    return id;
  }

  public long size() {
    return index.size();
  }

  /** Keys that have an expiry. */
  public long expiring() {
    return index.expiring();
  }

  Index index() {
    return index;
  }

  void setIndex(Index index) {
    this.index = index;
  }

  /**
   * How many keys there will probably be when what is being loaded is loaded; may be wrong. Counts
   * until {@link Keyspace#expectMuch} ends.
   */
  public void expect(long keys) {
    index.expect(keys);
  }

  /** The record, or 0. Never expires anything. */
  public long find(long keyAddress, int keyLength, long hash) {
    long place = index.findPlace(hash, keyAddress, keyLength);
    return place == 0 ? 0 : Word.record(Memory.getLong(place));
  }

  /** The record whose key has that whole hash, or 0. */
  long findByHash(long hash) {
    return index.findByHash(hash);
  }

  /**
   * Inserts, or replaces the whole value. Key and value may lie in records of this keyspace, even
   * in the one that is replaced. A new record's access bits are those of {@link
   * Keyspace#accessOfNew}, a replaced one's stay.
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
    index.stepOnChange();
    long place = index.findPlace(hash, keyAddress, keyLength);
    boolean expires = expireAtMillis != -1;
    int keyOffset = Record.keyOffset(keyLength, valueLength, expires);
    int size = keyOffset + keyLength + valueLength;
    long old = 0;
    int access = keyspace.accessOfNew();
    if (place != 0) {
      old = Word.record(Memory.getLong(place));
      keyspace.capture(index, old);
      access = Record.access(old);
      if (fits(old, keyOffset, size)) {
        index.addBytes(-Record.bytes(old));
        overwrite(
            old, type, encoding, access, keyLength, valueAddress, valueLength, expireAtMillis);
        index.addBytes(Record.bytes(old));
        index.replace(place, hash, old, expires);
        return old;
      }
    }
    long record = slabs.allocate(size);
    Record.writeHeader(
        record, type, encoding, keyspace.epoch(), access, keyLength, valueLength, expireAtMillis);
    Memory.copy(keyAddress, record + keyOffset, keyLength);
    if (valueAddress != 0) {
      Memory.copy(valueAddress, record + keyOffset + keyLength, valueLength);
    }
    if (place == 0) {
      index.insert(hash, record, expires);
    } else {
      moveTo(place, hash, old, record);
    }
    return record;
  }

  private static boolean fits(long record, int keyOffset, int size) {
    return Record.keyAddress(record) == record + keyOffset
        && Record.bytes(record) == Slabs.classSize(size);
  }

  private void overwrite(
      long record,
      int type,
      int encoding,
      int access,
      int keyLength,
      long valueAddress,
      int valueLength,
      long expireAtMillis) {
    if (valueAddress != 0) {
      Memory.copy(valueAddress, Record.keyAddress(record) + keyLength, valueLength);
    }
    Record.writeHeader(
        record, type, encoding, keyspace.epoch(), access, keyLength, valueLength, expireAtMillis);
  }

  /**
   * Changes the value's length; keeps key, expiry and the beginning of the value, new bytes are
   * zero. Returns the record, which may have moved.
   */
  public long resize(long record, long hash, int newValueLength) {
    keyspace.capture(index, record);
    int keyLength = Record.keyLength(record);
    int oldLength = Record.valueLength(record);
    long resized;
    if (Record.isLongForm(record) == Record.needsLongForm(keyLength, newValueLength)) {
      resized = resizeInForm(record, hash, newValueLength);
    } else {
      resized =
          rebuild(
              record,
              hash,
              newValueLength,
              Math.min(oldLength, newValueLength),
              Record.expireAt(record));
    }
    if (newValueLength > oldLength) {
      Memory.fill(Record.valueAddress(resized) + oldLength, newValueLength - oldLength, (byte) 0);
    }
    return resized;
  }

  private long resizeInForm(long record, long hash, int newValueLength) {
    int oldSize = Record.size(record);
    int newSize = oldSize - Record.valueLength(record) + newValueLength;
    index.addBytes(Slabs.classSize(newSize) - Slabs.classSize(oldSize));
    long place = Bucket.findRecord(index.bucketOf(hash), record);
    long resized = slabs.reallocate(record, oldSize, newSize);
    Record.overwriteValueLength(resized, newValueLength);
    if (resized != record) {
      index.replace(place, hash, resized, Record.hasExpiry(resized));
    }
    return resized;
  }

  /** A copy in another layout takes the record's place. */
  private long rebuild(long record, long hash, int valueLength, int copied, long expireAtMillis) {
    int keyLength = Record.keyLength(record);
    int keyOffset = Record.keyOffset(keyLength, valueLength, expireAtMillis != -1);
    long copy = slabs.allocate(keyOffset + keyLength + valueLength);
    Record.writeHeader(
        copy,
        Record.type(record),
        Record.encoding(record),
        keyspace.epoch(),
        Record.access(record),
        keyLength,
        valueLength,
        expireAtMillis);
    Memory.copy(Record.keyAddress(record), copy + keyOffset, keyLength + copied);
    moveTo(Bucket.findRecord(index.bucketOf(hash), record), hash, record, copy);
    return copy;
  }

  private void moveTo(long place, long hash, long old, long record) {
    index.addBytes(Record.bytes(record) - Record.bytes(old));
    index.replace(place, hash, record, Record.hasExpiry(record));
    slabs.free(old, Record.size(old));
  }

  /** To be called before value bytes are changed in place. */
  public void touchForWrite(long record) {
    keyspace.capture(index, record);
  }

  /** Sets the expiry, -1 removes it. Returns the record, which may have moved. */
  public long setExpiry(long record, long hash, long expireAtMillis) {
    keyspace.capture(index, record);
    boolean expires = expireAtMillis != -1;
    if (expires == Record.hasExpiry(record)) {
      if (expires) {
        Record.overwriteExpiry(record, expireAtMillis);
      }
      return record;
    }
    if (Record.isLongForm(record)) {
      Record.overwriteExpiry(record, expireAtMillis);
      index.replace(Bucket.findRecord(index.bucketOf(hash), record), hash, record, expires);
      return record;
    }
    int valueLength = Record.valueLength(record);
    return rebuild(record, hash, valueLength, valueLength, expireAtMillis);
  }

  /** Sets the 24 bits of the eviction policy, see {@link Access}. */
  public void setAccess(long record, int access) {
    Record.setAccess(record, access);
  }

  /** Removes a key; false when it was not there. */
  public boolean remove(long keyAddress, int keyLength, long hash) {
    index.stepOnChange();
    long place = index.findPlace(hash, keyAddress, keyLength);
    if (place == 0) {
      return false;
    }
    long record = Word.record(Memory.getLong(place));
    keyspace.capture(index, record);
    index.remove(hash, place);
    slabs.free(record, Record.size(record));
    return true;
  }

  /** Removes everything at once; the memory is given back by {@link Keyspace#reclaim}. */
  public void clear() {
    if (index.size() > 0) {
      keyspace.abandon(index);
      index = keyspace.newIndex();
    }
  }

  /**
   * One step of a scan: visits about {@code count} records and returns the next cursor, 0 at the
   * end. A record that is there from the first step to the last is visited at least once, whatever
   * is added, removed or moved in between; cursors need no state here. When the visitor stops, the
   * cursor that is returned visits the last bucket once more.
   */
  public long scan(long cursor, int count, RecordVisitor visitor) {
    return index.scan(id, cursor, count, visitor);
  }

  /** Any record, 0 when empty. */
  public long randomRecord(RandomGenerator random) {
    return sampler.random(index, random);
  }

  /**
   * Walks buckets with a cursor of its own and visits records whose expiry has passed; returns how
   * many records with an expiry it met.
   */
  public int sampleExpired(long nowMillis, int maxBuckets, RecordVisitor visitor) {
    return index.expiring() == 0 ? 0 : sampler.expired(index, id, nowMillis, maxBuckets, visitor);
  }

  /**
   * Fills {@code out} with up to {@code want} records and returns how many; 0 only when no record
   * qualifies.
   */
  public int sampleForEviction(boolean volatileOnly, int want, long[] out, RandomGenerator random) {
    return sampler.forEviction(index, volatileOnly, want, out, random);
  }
}
