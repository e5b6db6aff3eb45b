package dev.holdfast.engine.aof;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.rewrite.FileIdentity;
import dev.holdfast.formats.aof.GroupChain;
import dev.holdfast.formats.offheap.NativeBuffer;

/**
 * Closes each group of one file with the line that proves it, {@code docs/log-format.md}. Who has
 * the pen uses it: a line belongs to the file that the block really goes to.
 *
 * <p>A line is a full mark after 64 KiB and after a second, because marks say what was promised and
 * let a reader find its way behind damage; group lines in between cost a quarter of the bytes.
 */
final class Seal {
  private static final long MARK_BYTES = 64 << 10;
  private static final long MARK_NANOS = 1_000_000_000;

  private final GroupChain chain;
  private final long file;
  private boolean markNext = true;
  private long sinceMark;
  private long markedAt;
  private long markedDurable = -1;

  /**
   * Goes on with a file.
   *
   * @param file identity of the file
   */
  Seal(GroupChain chain, long file) {
    this.chain = chain;
    this.file = file;
  }

  /** For a new file. */
  static Seal ofNewFile(Clock clock) {
    return new Seal(new GroupChain(), FileIdentity.of(clock));
  }

  /** Appends the mark with which a file begins. */
  void begin(NativeBuffer bytes, long offset, long durable, long now) {
    mark(bytes, 0, offset, durable, now);
  }

  /** Closes the block's group. */
  void close(LogBlock block, long durable, long now) {
    long length = block.bytes.length();
    sinceMark += length;
    if (markNext || length == 0 || sinceMark >= MARK_BYTES || now - markedAt >= MARK_NANOS) {
      mark(block.bytes, block.db, block.endOffset, durable, now);
    } else {
      chain.group(block.bytes, 0);
    }
  }

  private void mark(NativeBuffer bytes, int db, long offset, long durable, long now) {
    long promised = Math.min(durable, offset);
    chain.mark(bytes, 0, file, db, offset, promised);
    markNext = false;
    sinceMark = 0;
    markedAt = now;
    markedDurable = promised;
  }

  /** Whether a mark would tell of promised bytes that no mark has told of. */
  boolean knowsLessThan(long durable) {
    return markedDurable < durable;
  }
}
