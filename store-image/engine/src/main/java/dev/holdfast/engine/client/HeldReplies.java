package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.BufferPool;
import dev.holdfast.engine.protocol.Reply;
import dev.holdfast.engine.protocol.ReplyBuffer;
import java.util.Arrays;

/**
 * Where the replies of one client begin that may not leave yet, and the log offset each waits for.
 * Empty while nothing is held. While something is, every later reply has an entry as well, so that
 * each can be replaced by an error of its own.
 */
final class HeldReplies {
  /** Start position and offset in turn, in a ring of a power of two. */
  private long[] ring = new long[16];

  private int first;
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  void add(long start, long offset) {
    if (count * 2 == ring.length) {
      long[] larger = new long[ring.length * 2];
      for (int i = 0; i < count; i++) {
        larger[2 * i] = start(i);
        larger[2 * i + 1] = offset(i);
      }
      ring = larger;
      first = 0;
    }
    int slot = slot(count++);
    ring[slot] = start;
    ring[slot + 1] = offset;
  }

  private int slot(int i) {
    return (first + i) * 2 & ring.length - 1;
  }

  private long start(int i) {
    return ring[slot(i)];
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
   * Replaces each reply that waits for more than {@code released} by an error; nothing is held
   * afterwards.
   */
  void fail(long released, String error, ReplyBuffer buffer, Reply like, BufferPool pool) {
    var rewritten = new ReplyBuffer(pool);
    var reply = new Reply(rewritten);
    reply.protocol(like.protocol());
    buffer.copy(buffer.sent(), start(0), rewritten);
    for (int i = 0; i < count; i++) {
      if (offset(i) > released) {
        reply.error(error);
      } else {
        buffer.copy(start(i), i + 1 < count ? start(i + 1) : buffer.position(), rewritten);
      }
    }
    buffer.replaceBy(rewritten);
    count = 0;
    first = 0;
  }
}
