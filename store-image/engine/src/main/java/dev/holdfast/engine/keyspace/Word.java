package dev.holdfast.engine.keyspace;

/**
 * An entry of the index: 48 bits address, 15 bits tag, 1 bit "has expiry". 0 is an empty place.
 *
 * <p>The tag is taken from the hash right above bit 16. That it overlaps with the bucket number of
 * large tables costs some of its power to tell keys apart, but a table of 2^16 to 2^31 buckets is
 * then doubled without a look at any record: the bit that decides between the two new buckets is in
 * the tag.
 */
final class Word {
  static final int TAG_SHIFT = 16;
  static final int TAG_BITS = 15;

  /** Those bits of a hash that are in the tag. */
  static final long TAG_BITS_OF_HASH = (1L << TAG_BITS) - 1 << TAG_SHIFT;

  private static final int POSITION = 48;
  private static final long ADDRESS_MASK = (1L << POSITION) - 1;
  private static final long TAG_MASK = (1L << TAG_BITS) - 1;
  private static final long EXPIRES = 1L << 63;

  private Word() {}

  static long of(long record, long hash, boolean expires) {
    return record | tag(hash) << POSITION | (expires ? EXPIRES : 0);
  }

  static long tag(long hash) {
    return hash >>> TAG_SHIFT & TAG_MASK;
  }

  static long tagOf(long word) {
    return word >>> POSITION & TAG_MASK;
  }

  static long record(long word) {
    return word & ADDRESS_MASK;
  }

  static boolean expires(long word) {
    return word < 0;
  }
}
