package dev.holdfast.engine.command.strings;

import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Numbers;

/**
 * How a string is said to be kept, in the field's words. Here every string is its bytes; the words
 * are derived when somebody asks, and the record only remembers what cannot be derived.
 */
public final class Encodings {
  /** Whatever its length and its digits say. */
  public static final int ANY = 0;

  /** Was changed in part, so it counts as raw. */
  public static final int RAW = 1;

  /** A number that was computed with a fraction: never an integer. */
  public static final int NO_INTEGER = 2;

  private static final int LONGEST_EMBEDDED = 44;

  private Encodings() {}

  /** The word for a string record: {@code int}, {@code embstr} or {@code raw}. */
  public static String name(long record) {
    int length = Record.valueLength(record);
    int encoding = Record.encoding(record);
    if (encoding == RAW) {
      return "raw";
    }
    if (encoding == ANY
        && length <= Numbers.MAX_LENGTH
        && Numbers.isLong(Record.valueAddress(record), length)) {
      return "int";
    }
    return length <= LONGEST_EMBEDDED ? "embstr" : "raw";
  }
}
