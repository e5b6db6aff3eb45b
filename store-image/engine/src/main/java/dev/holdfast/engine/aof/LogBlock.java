package dev.holdfast.engine.aof;

import dev.holdfast.formats.offheap.NativeBuffer;

/**
 * A run of whole effects on its way to the file: filled by the command thread, then owned by who
 * writes it, then used again.
 */
final class LogBlock {
  private static final int INITIAL_BYTES = 64 << 10;

  /** Larger ones are given back instead of being kept for reuse. */
  private static final long LARGEST_KEPT = 4 << 20;

  final NativeBuffer bytes = new NativeBuffer(INITIAL_BYTES);

  /** The log's offset after the last effect in here. */
  long endOffset;

  /** The database that is selected after the last effect. */
  int db;

  /** Whether the line that closes the group is appended. */
  boolean sealed;

  /**
   * How many of the bytes are in the file; more than 0 and less than all only after a write that
   * failed half-way and could not be cut back.
   */
  long written;

  long length() {
    return bytes.length();
  }

  /** Ready to be filled again; false when it has grown too large to keep, and is freed. */
  boolean recycle() {
    if (bytes.capacity() > LARGEST_KEPT) {
      bytes.close();
      return false;
    }
    bytes.clear();
    written = 0;
    sealed = false;
    return true;
  }
}
