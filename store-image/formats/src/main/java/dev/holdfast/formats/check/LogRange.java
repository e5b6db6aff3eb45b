package dev.holdfast.formats.check;

/**
 * What the marks of one file say; {@code docs/log-format.md}. -1 where no mark says it.
 *
 * @param start logical offset at which the file begins
 * @param end logical offset up to which the file is good
 * @param durable largest logical offset that was called durable, by marks that are good
 */
public record LogRange(long start, long end, long durable) {
  /** Whether a base ends with the mark that it has to end with: its commands are no effects. */
  boolean isBase() {
    return start == end;
  }
}
