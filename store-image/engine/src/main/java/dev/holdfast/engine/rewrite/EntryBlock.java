package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.formats.offheap.NativeBuffer;

/**
 * Copies of entries on their way between the keyspace's thread and the thread that works on files,
 * in native memory. One thread fills it, then another walks over it.
 */
public final class EntryBlock {
  /** A block with this many bytes is handed over. */
  static final int FULL = 256 << 10;

  private static final long LARGEST_KEPT = 1 << 20;

  private static final int DB = 0;
  private static final int TYPE = 4;
  private static final int ENCODING = 8;
  private static final int KEY_LENGTH = 12;
  private static final int EXPIRE_AT = 16;
  private static final int VALUE_LENGTH = 24;
  private static final int HEADER = 32;

  private final NativeBuffer bytes = new NativeBuffer(FULL + 4096);
  private long position;
  private long next;

  public void add(
      int db,
      int type,
      int encoding,
      long expireAtMillis,
      long key,
      int keyLength,
      long value,
      int valueLength) {
    long size = HEADER + (long) keyLength + valueLength;
    long at = bytes.reserve(size);
    Memory.putInt(at + DB, db);
    Memory.putInt(at + TYPE, type);
    Memory.putInt(at + ENCODING, encoding);
    Memory.putInt(at + KEY_LENGTH, keyLength);
    Memory.putLong(at + EXPIRE_AT, expireAtMillis);
    Memory.putLong(at + VALUE_LENGTH, valueLength);
    Memory.copy(key, at + HEADER, keyLength);
    Memory.copy(value, at + HEADER + keyLength, valueLength);
    bytes.advance(size);
  }

  public boolean isFull() {
    return bytes.length() >= FULL;
  }

  public boolean isEmpty() {
    return bytes.length() == 0;
  }

  public long size() {
    return bytes.length();
  }

  /** Goes to the next entry, the first one at the first call; false behind the last. */
  public boolean next() {
    if (next >= bytes.length()) {
      return false;
    }
    position = bytes.address() + next;
    next += HEADER + keyLength() + (long) valueLength();
    return true;
  }

  /** Where the present entry is, for {@link #at}. */
  public long position() {
    return position;
  }

  /** Looks at an entry again; {@link #next} is not moved. */
  public void at(long entry) {
    position = entry;
  }

  public int db() {
    return Memory.getInt(position + DB);
  }

  public int type() {
    return Memory.getInt(position + TYPE);
  }

  public int encoding() {
    return Memory.getInt(position + ENCODING);
  }

  /** Unix milliseconds, or -1. */
  public long expireAtMillis() {
    return Memory.getLong(position + EXPIRE_AT);
  }

  public long keyAddress() {
    return position + HEADER;
  }

  public int keyLength() {
    return Memory.getInt(position + KEY_LENGTH);
  }

  public long valueAddress() {
    return position + HEADER + keyLength();
  }

  public int valueLength() {
    return (int) Memory.getLong(position + VALUE_LENGTH);
  }

  /** Empties it for use; false when it has grown too large to keep, and is freed. */
  boolean recycle() {
    if (bytes.capacity() > LARGEST_KEPT) {
      bytes.close();
      return false;
    }
    bytes.clear();
    next = 0;
    return true;
  }

  /** Gives its memory back. */
  public void free() {
    bytes.close();
  }
}
