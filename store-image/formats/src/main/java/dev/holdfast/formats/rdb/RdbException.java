package dev.holdfast.formats.rdb;

import java.io.IOException;

/**
 * An RDB file that cannot be read further. The message says at which offset, what was expected and
 * what was found.
 */
public final class RdbException extends IOException {
  private static final long serialVersionUID = 1;

  private final long offset;
  private final boolean truncated;

  private RdbException(String message, long offset, boolean truncated) {
    super(message);
    this.offset = offset;
    this.truncated = truncated;
  }

  static RdbException damaged(long offset, String expected, String found) {
    return new RdbException(
        "expected %s at offset %d, found %s".formatted(expected, offset, found), offset, false);
  }

  static RdbException truncated(long offset, String expected) {
    return new RdbException(
        "expected %s at offset %d, found the end of the file".formatted(expected, offset),
        offset,
        true);
  }

  static RdbException refused(long offset, String message) {
    return new RdbException(message + " (at offset " + offset + ")", offset, false);
  }

  /** Offset in the file at which reading stopped. */
  public long offset() {
    return offset;
  }

  /** Whether the file ends too early, as opposed to containing something wrong. */
  public boolean isTruncated() {
    return truncated;
  }
}
