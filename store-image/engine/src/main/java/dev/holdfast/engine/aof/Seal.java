package dev.holdfast.engine.aof;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.rewrite.FileIdentity;
import dev.holdfast.engine.storage.StoredFile;
import dev.holdfast.formats.aof.GroupChain;
import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;

/**
 * Closes each group of one file with the line that proves it, {@code docs/log-format.md}. Who has
 * the pen uses it: a line belongs to the file that the block really goes to.
 *
 * <p>A line is a full mark after 64 KiB and after a second, because marks say what was promised and
 * let a reader find its way behind damage; group lines in between cost a quarter of the bytes, and
 * still say when everything before their group was durable as they were written: under {@code
 * always} that is each one.
 */
final class Seal {
  private static final long MARK_BYTES = 64 << 10;
  private static final long MARK_NANOS = 1_000_000_000;
  private static final long NOT_SYNCED = Long.MAX_VALUE;

  private final GroupChain chain;
  private final long file;
  private boolean markNext = true;
  private long sinceMark;
  private long markedAt;
  private long toldDurable;
  private int db;

  /** Where the last group ends; known from the first mark on. */
  private long end;

  /**
   * Goes on with a file, first with a mark.
   *
   * @param file identity of the file
   * @param toldDurable logical offset that its lines called durable; -1 when they called none
   */
  Seal(GroupChain chain, long file, long toldDurable) {
    this.chain = chain;
    this.file = file;
    this.toldDurable = toldDurable;
  }

  /** For a new file. */
  static Seal ofNewFile(Clock clock) {
    return new Seal(new GroupChain(), FileIdentity.of(clock), -1);
  }

  /**
   * Writes a mark of its own and makes it durable: the first bytes of a file, or its last ones.
   *
   * @return its size
   */
  long mark(StoredFile to, long offset, long durable, long now) throws IOException {
    try (var bytes = new NativeBuffer(128)) {
      mark(bytes, offset, durable, now);
      to.writeFully(bytes.address(), bytes.length());
      to.sync();
      return bytes.length();
    }
  }

  /** Closes the block's group. */
  void close(LogBlock block, long durable, long now) {
    long length = block.bytes.length();
    db = block.db;
    sinceMark += length;
    if (markNext || length == 0 || sinceMark >= MARK_BYTES || now - markedAt >= MARK_NANOS) {
      mark(block.bytes, block.endOffset, durable, now);
    } else {
      boolean behindDurable = durable >= end;
      chain.group(block.bytes, 0, behindDurable);
      toldDurable = behindDurable ? Math.max(toldDurable, end) : toldDurable;
    }
    // A mark alone may still be lost when the effects before it cannot.
    end = length == 0 ? NOT_SYNCED : block.endOffset;
  }

  private void mark(NativeBuffer bytes, long offset, long durable, long now) {
    long promised = Math.min(durable, offset);
    chain.mark(bytes, 0, file, db, offset, promised);
    markNext = false;
    sinceMark = 0;
    markedAt = now;
    toldDurable = promised;
    end = offset;
  }

  /** Whether a mark would tell of promised bytes that no line has told of. */
  boolean knowsLessThan(long durable) {
    return toldDurable < durable;
  }
}
