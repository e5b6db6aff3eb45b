package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.BufferPool;
import dev.holdfast.engine.protocol.Reply;
import dev.holdfast.engine.protocol.ReplyBuffer;
import java.util.Arrays;

/**
 * Where the replies and pushes of one client begin that may not leave yet, and the log offset each
 * waits for. Empty while nothing is held. While something is, every later one has an entry as well,
 * so that each reply can be replaced by an error of its own.
 */
final class HeldReplies {
  private static final int KIND_BITS = 2;

  /** The offset of what a command caused that is not over. */
  private static final long UNKNOWN = Long.MAX_VALUE;

  /** Start position with its kind, and offset in turn, in a ring of a power of two. */
  private long[] ring = new long[16];

  private int first;
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  /** Adds something whose offset {@link #settle} will tell. */
  void addUnsettled(long start, IfNotDurable otherwise) {
    if (count == 0 || offset(count - 1) != UNKNOWN || kind(count - 1) != otherwise) {
      add(start, UNKNOWN, otherwise);
    }
  }

  /** Tells the offset of everything that was added without one. */
  void settle(long offset) {
    for (int i = count - 1; i >= 0 && offset(i) == UNKNOWN; i--) {
      ring[slot(i) + 1] = offset;
    }
  }

  void add(long start, long offset, IfNotDurable otherwise) {
    if (count * 2 == ring.length) {
      long[] larger = new long[ring.length * 2];
      for (int i = 0; i < count; i++) {
        larger[2 * i] = ring[slot(i)];
        larger[2 * i + 1] = offset(i);
      }
      ring = larger;
      first = 0;
    }
    int slot = slot(count++);
    ring[slot] = start << KIND_BITS | otherwise.ordinal();
    ring[slot + 1] = offset;
  }

  private int slot(int i) {
    return (first + i) * 2 & ring.length - 1;
  }

  private long start(int i) {
    return ring[slot(i)] >> KIND_BITS;
  }

  private IfNotDurable kind(int i) {
    return IfNotDurable.of((int) ring[slot(i)] & (1 << KIND_BITS) - 1);
  }

  private long offset(int i) {
    return ring[slot(i) + 1];
  }

  /** Position up to which may be sent; all of {@code end} when nothing is held. */
  long sendable(long end) {
    return count == 0 ? end : start(0);
  }

  /** Lets go of what waits for offsets up to {@code released}. True when that was something. */
  boolean release(long released) {
    int before = count;
    while (count > 0 && offset(0) <= released) {
      first = first + 1 & ring.length / 2 - 1;
      count--;
    }
    if (count == 0 && ring.length > 1024) {
      ring = Arrays.copyOf(ring, 16);
      first = 0;
    }
    return count != before;
  }

  /**
   * Replaces each reply that waits for more than {@code released} by an error, and drops or lets go
   * of pushes as their kind says; nothing is held afterwards.
   */
  void fail(long released, String error, ReplyBuffer buffer, Reply like, BufferPool pool) {
    var rewritten = new ReplyBuffer(pool);
    var reply = new Reply(rewritten);
    reply.protocol(like.protocol());
    buffer.copy(buffer.sent(), start(0), rewritten);
    for (int i = 0; i < count; i++) {
      long end = i + 1 < count ? start(i + 1) : buffer.position();
      if (offset(i) <= released || kind(i) == IfNotDurable.SEND) {
        buffer.copy(start(i), end, rewritten);
      } else if (kind(i) == IfNotDurable.ERROR) {
        reply.error(error);
      }
    }
    buffer.replaceBy(rewritten);
    count = 0;
    first = 0;
  }
}
