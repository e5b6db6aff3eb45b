package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Slabs;

/**
 * Facts of a record by its address.
 *
 * <p>One block holds everything of a key. Nearly all keys and values are short, so their header is
 * one word; a longer key or value gets two more:
 *
 * <pre>
 * header   type 4 bits, encoding 4, long form 1, has expiry 1, epoch 6, access 24, key length 8, value length 16
 * [long form: key length 4 bytes, value length 4, expiry 8 (also when there is none, so that setting it never moves a large value)]
 * [short form with expiry: expiry 8 bytes]
 * key, value
 * </pre>
 *
 * <p>An address is valid until the next change of the keyspace.
 */
public final class Record {
  /** Type of a string. */
  public static final int STRING = 0;

  static final int EPOCHS = 64;

  private static final int ENCODING_SHIFT = 4;
  private static final long LONG_FORM = 1L << 8;
  private static final long HAS_EXPIRY = 1L << 9;
  private static final int EPOCH_SHIFT = 10;
  private static final int ACCESS_SHIFT = 16;
  private static final long ACCESS_MASK = 0xff_ffffL << ACCESS_SHIFT;
  private static final int KEY_SHIFT = 40;
  private static final int VALUE_SHIFT = 48;
  private static final int SHORT_KEY = 0xff;
  private static final int SHORT_VALUE = 0xffff;

  private Record() {}

  public static int type(long record) {
    return Memory.getByte(record) & 0xf;
  }

  public static int encoding(long record) {
    return (Memory.getByte(record) & 0xff) >>> ENCODING_SHIFT;
  }

  /** Sets the encoding: what commands remember about how the value came to be, 0 to 15. */
  public static void setEncoding(long record, int encoding) {
    Memory.putByte(record, (byte) (encoding << ENCODING_SHIFT | type(record)));
  }

  public static long keyAddress(long record) {
    return record + keyOffset(Memory.getLong(record));
  }

  public static int keyLength(long record) {
    return keyLength(record, Memory.getLong(record));
  }

  public static long valueAddress(long record) {
    long header = Memory.getLong(record);
    return record + keyOffset(header) + keyLength(record, header);
  }

  public static int valueLength(long record) {
    return valueLength(record, Memory.getLong(record));
  }

  public static boolean hasExpiry(long record) {
    return (Memory.getLong(record) & HAS_EXPIRY) != 0;
  }

  /** Milliseconds since 1970, or -1. */
  public static long expireAt(long record) {
    long header = Memory.getLong(record);
    return (header & HAS_EXPIRY) == 0 ? -1 : Memory.getLong(record + expiryOffset(header));
  }

  /** The 24 bits of the eviction policy; see {@link Access}. */
  public static int access(long record) {
    return (int) ((Memory.getLong(record) & ACCESS_MASK) >>> ACCESS_SHIFT);
  }

  /** Sets the 24 bits of the eviction policy. */
  public static void setAccess(long record, int access) {
    long header = Memory.getLong(record) & ~ACCESS_MASK;
    Memory.putLong(record, header | (long) access << ACCESS_SHIFT & ACCESS_MASK);
  }

  /** Bytes that the record takes, without its share of the index. */
  public static long bytes(long record) {
    return Slabs.classSize(size(record));
  }

  static int epoch(long record) {
    return (Memory.getByte(record + 1) & 0xff) >>> 2;
  }

  static void setEpoch(long record, int epoch) {
    int flags = Memory.getByte(record + 1) & 3;
    Memory.putByte(record + 1, (byte) (epoch << 2 | flags));
  }

  /** Bytes in use, as asked from the allocator. */
  static int size(long record) {
    long header = Memory.getLong(record);
    return keyOffset(header) + keyLength(record, header) + valueLength(record, header);
  }

  static boolean isLongForm(long record) {
    return (Memory.getLong(record) & LONG_FORM) != 0;
  }

  static boolean needsLongForm(int keyLength, int valueLength) {
    return keyLength > SHORT_KEY || valueLength > SHORT_VALUE;
  }

  /** Offset of the key in a record of these sizes. */
  static int keyOffset(int keyLength, int valueLength, boolean expires) {
    return needsLongForm(keyLength, valueLength) ? 24 : expires ? 16 : 8;
  }

  /** Writes everything but key and value. {@code expireAt} -1 for none. */
  static void writeHeader(
      long record,
      int type,
      int encoding,
      int epoch,
      int access,
      int keyLength,
      int valueLength,
      long expireAt) {
    long header =
        type
            | (long) encoding << ENCODING_SHIFT
            | (long) epoch << EPOCH_SHIFT
            | (long) access << ACCESS_SHIFT & ACCESS_MASK
            | (expireAt == -1 ? 0 : HAS_EXPIRY);
    if (needsLongForm(keyLength, valueLength)) {
      Memory.putLong(record, header | LONG_FORM);
      Memory.putInt(record + 8, keyLength);
      Memory.putInt(record + 12, valueLength);
      Memory.putLong(record + 16, expireAt);
      return;
    }
    header |= (long) keyLength << KEY_SHIFT | (long) valueLength << VALUE_SHIFT;
    Memory.putLong(record, header);
    if (expireAt != -1) {
      Memory.putLong(record + 8, expireAt);
    }
  }

  /** Changes the expiry where the layout stays the same. */
  static void overwriteExpiry(long record, long expireAt) {
    long header = Memory.getLong(record);
    Memory.putLong(record, expireAt == -1 ? header & ~HAS_EXPIRY : header | HAS_EXPIRY);
    Memory.putLong(record + expiryOffset(header), expireAt);
  }

  /** Changes the value's length where the form stays the same. */
  static void overwriteValueLength(long record, int valueLength) {
    long header = Memory.getLong(record);
    if ((header & LONG_FORM) != 0) {
      Memory.putInt(record + 12, valueLength);
    } else {
      Memory.putShort(record + 6, (short) valueLength);
    }
  }

  private static int keyOffset(long header) {
    if ((header & LONG_FORM) != 0) {
      return 24;
    }
    return (header & HAS_EXPIRY) != 0 ? 16 : 8;
  }

  private static int expiryOffset(long header) {
    return (header & LONG_FORM) != 0 ? 16 : 8;
  }

  private static int keyLength(long record, long header) {
    return (header & LONG_FORM) != 0
        ? Memory.getInt(record + 8)
        : (int) (header >>> KEY_SHIFT) & SHORT_KEY;
  }

  private static int valueLength(long record, long header) {
    return (header & LONG_FORM) != 0
        ? Memory.getInt(record + 12)
        : (int) (header >>> VALUE_SHIFT) & SHORT_VALUE;
  }
}
