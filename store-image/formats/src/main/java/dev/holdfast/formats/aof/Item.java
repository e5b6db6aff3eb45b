package dev.holdfast.formats.aof;

/** What {@link AofReader#next} came upon. */
public enum Item {
  /** A complete command; its arguments can be looked at until the next step. */
  COMMAND,
  /**
   * A line that starts with {@code #}; argument 0 is its text without the {@code #} and the line
   * end.
   */
  ANNOTATION,
  /** The input ends after a complete command outside of a transaction. */
  END,
  /**
   * The input ends inside a command, an annotation or a transaction; {@link AofReader#problem} has
   * the facts.
   */
  TRUNCATED,
  /** Bytes that cannot be part of an AOF; {@link AofReader#problem} has the facts. */
  CORRUPT
}
