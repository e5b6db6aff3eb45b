package dev.holdfast.formats.rdb;

/**
 * Receives what {@link RdbReader} finds, in the order of the file.
 *
 * <p>Keys and values come as native address and length and are valid only during the call.
 */
public interface RdbVisitor {
  /** The version after the magic, for example 10 for {@code REDIS0010}. */
  default void start(String magic, int version) {}

  /** An auxiliary field, for example {@code redis-ver}. Unknown ones are to be ignored. */
  default void aux(String key, String value) {}

  /** The entries that follow belong to this database. */
  default void selectDb(long database) {}

  /** A hint how many keys, and keys with an expiry, the database has. */
  default void resizeDb(long keys, long expires) {}

  /** Cluster slot statistics; a hint only. */
  default void slotInfo(long slot, long keys, long expires) {}

  /**
   * A string.
   *
   * @param valueAddress 0 when {@link #keepsValues} is false
   * @param entry expiry, access data and type
   */
  void string(long keyAddress, int keyLength, long valueAddress, int valueLength, RdbEntry entry);

  /**
   * A value of another type than string comes next.
   *
   * @return true to check and pass it by, {@link #skipped} follows; false to end reading with an
   *     exception that names type and key
   */
  default boolean unsupported(long keyAddress, int keyLength, RdbEntry entry) {
    return false;
  }

  /** The value that {@link #unsupported} agreed to pass by was well-formed. */
  default void skipped(RdbEntry entry) {}

  /** A function library's source. */
  default void function(long address, int length) {}

  /** Data of a module that is not part of a key; it was passed by. */
  default void moduleAux(long moduleId) {}

  /**
   * Whether {@link #string} wants the values. When it does not, large ones are checked without
   * being kept in memory.
   */
  default boolean keepsValues() {
    return true;
  }

  /** The file ends well. */
  default void end(Checksum checksum) {}

  /** What the file's checksum said. */
  enum Checksum {
    /** Version 5 and later: present and right. */
    GOOD,
    /** The writer had checksums switched off. */
    UNCHECKED,
    /** Versions 1 to 4 have none. */
    ABSENT
  }
}
