package dev.holdfast.engine.keyspace;

/** Facts of a record by its address. Signatures only for now. */
public final class Record {
  /** Type of a string. */
  public static final int STRING = 0;

  private Record() {}

  public static int type(long record) {
    throw new UnsupportedOperationException();
  }

  public static int encoding(long record) {
    throw new UnsupportedOperationException();
  }

  public static long keyAddress(long record) {
    throw new UnsupportedOperationException();
  }

  public static int keyLength(long record) {
    throw new UnsupportedOperationException();
  }

  public static long valueAddress(long record) {
    throw new UnsupportedOperationException();
  }

  public static int valueLength(long record) {
    throw new UnsupportedOperationException();
  }

  /** Milliseconds since 1970, or -1. */
  public static long expireAt(long record) {
    throw new UnsupportedOperationException();
  }

  /** The 24 bits of the eviction policy; see {@link Access}. */
  public static int access(long record) {
    throw new UnsupportedOperationException();
  }

  /** Sets the 24 bits of the eviction policy. */
  public static void setAccess(long record, int access) {
    throw new UnsupportedOperationException();
  }

  /** Bytes that the record takes, without its share of the index. */
  public static int bytes(long record) {
    throw new UnsupportedOperationException();
  }
}
