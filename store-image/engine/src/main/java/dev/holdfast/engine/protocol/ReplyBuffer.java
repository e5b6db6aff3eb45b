package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import java.util.Arrays;

/**
 * What is to be sent to one client: a chain of blocks of native memory, written at the tail and
 * sent from the head. Blocks come from the pool when there is something to send and go back when it
 * is sent, so an idle client holds none. A position is the number of bytes ever written before it.
 *
 * <p>When more waits than {@link #limit} allows, the buffer {@link #overflowed()}: what is written
 * from then on is dropped, and the client has to be closed.
 */
public final class ReplyBuffer {
  /** Bytes that may be touched behind what {@link #reserve} promised. */
  private static final int SLACK = 8;

  /** Room kept before the content of a deferred aggregate for its header. */
  private static final int HEADER_ROOM = 24;

  private static final class Block {
    long address;
    long size;

    /** First and behind the last byte that is to be sent. */
    long start;

    long end;
    Block next;
    Block previous;
  }

  private final BufferPool pool;
  private long limit = Long.MAX_VALUE;
  private boolean overflowed;

  private Block head;
  private Block tail;
  private int blocks;
  private long blockBytes;
  private Block spare;

  /** Write address in the tail and the end of its room; both 0 without a tail. */
  private long at;

  private long roomEnd;

  /** Position at the start of the tail. */
  private long tailPosition;

  private long sent;

  private Block[] deferred = new Block[4];
  private int deferredCount;

  public ReplyBuffer(BufferPool pool) {
    this.pool = pool;
  }

  /** Bytes ever written. */
  public long position() {
    return tail == null ? tailPosition : tailPosition + (at - tail.start);
  }

  /** Bytes ever sent. */
  public long sent() {
    return sent;
  }

  /** Bytes that wait. */
  public long pending() {
    return position() - sent;
  }

  /** Number of blocks in use. */
  public int blocks() {
    return blocks;
  }

  /** Memory in use. */
  public long memory() {
    return blockBytes;
  }

  /** Bytes that may wait; {@link Long#MAX_VALUE} is no limit. */
  public void limit(long bytes) {
    this.limit = bytes;
  }

  public boolean overflowed() {
    return overflowed;
  }

  // ---- writing

  /**
   * An address with room for that many bytes (at most 64 KiB); {@link #advance} tells how far it
   * was used.
   */
  long reserve(int bytes) {
    if (roomEnd - at < bytes) {
      open(bytes);
    }
    return at;
  }

  void advance(long to) {
    at = to;
  }

  /** Copies the bytes to the tail, across as many blocks as it takes. */
  void append(long address, long length) {
    while (length > 0 && !overflowed) {
      if (roomEnd == at) {
        open(length);
      }
      long part = Math.min(length, roomEnd - at);
      Memory.copy(address, at, part);
      at += part;
      address += part;
      length -= part;
    }
  }

  void append(byte[] bytes) {
    int offset = 0;
    while (offset < bytes.length && !overflowed) {
      if (roomEnd == at) {
        open(bytes.length - offset);
      }
      int part = (int) Math.min(bytes.length - offset, roomEnd - at);
      Memory.copyFrom(bytes, offset, at, part);
      at += part;
      offset += part;
    }
  }

  private void open(long bytes) {
    if (overflowed || pending() > limit) {
      overflow();
      if (roomEnd - at >= Math.min(bytes, BufferPool.SMALL)) {
        return;
      }
    }
    long wanted = bytes + SLACK;
    long size =
        tail == null && wanted <= BufferPool.SMALL
            ? BufferPool.SMALL
            : wanted <= BufferPool.MEDIUM
                ? BufferPool.MEDIUM
                : wanted <= BufferPool.LARGE ? BufferPool.LARGE : BufferPool.HUGE;
    push(size, 0);
  }

  private void push(long size, int headroom) {
    Block block = spare != null ? spare : new Block();
    spare = null;
    block.size = size;
    block.address = pool.allocate(size);
    block.start = block.address + headroom;
    block.next = null;
    block.previous = tail;
    blocks++;
    blockBytes += size;
    if (tail == null) {
      head = block;
    } else {
      tailPosition += at - tail.start;
      tail.end = at;
      tail.next = block;
    }
    tail = block;
    at = block.start;
    roomEnd = block.address + size - SLACK;
  }

  /** From now on the tail is written over and over: nothing of it will be sent. */
  private void overflow() {
    overflowed = true;
    if (tail != null) {
      tailPosition += at - tail.start;
      at = tail.address;
      tail.start = at;
    }
  }

  // ---- aggregates whose length is known later

  /**
   * Begins a block of its own with room for a header before it; returns a mark for {@link
   * #prepend}.
   */
  int defer() {
    push(BufferPool.MEDIUM, HEADER_ROOM);
    if (deferredCount == deferred.length) {
      deferred = Arrays.copyOf(deferred, deferredCount * 2);
    }
    deferred[deferredCount] = tail;
    return deferredCount++;
  }

  /** Puts a header before the block of the mark; marks end in reverse order. */
  void prepend(int mark, long header, int length) {
    if (mark != deferredCount - 1) {
      throw new IllegalStateException(
          "deferred aggregate %d ended while %d was open".formatted(mark, deferredCount - 1));
    }
    Block block = deferred[--deferredCount];
    deferred[deferredCount] = null;
    if (overflowed) {
      return;
    }
    block.start -= length;
    Memory.copy(header, block.start, length);
    if (block != tail) {
      tailPosition += length;
    }
  }

  // ---- sending

  /** Address of the next byte to send. */
  public long firstAddress() {
    return head.start;
  }

  /** Bytes at {@link #firstAddress()} in one piece. */
  public long firstLength() {
    return (head == tail ? at : head.end) - head.start;
  }

  /**
   * Writes pairs (address, length) of what is to be sent before position {@code upTo}.
   *
   * @return number of pairs
   */
  public int vector(long pairs, int max, long upTo) {
    int count = 0;
    long left = upTo - sent;
    for (Block block = head; block != null && count < max && left > 0; block = block.next) {
      long length = Math.min(left, (block == tail ? at : block.end) - block.start);
      if (length > 0) {
        Memory.putLong(pairs + 16L * count, block.start);
        Memory.putLong(pairs + 16L * count + 8, length);
        count++;
        left -= length;
      }
    }
    return count;
  }

  /** So many bytes were sent; their memory goes back. */
  public void consumed(long bytes) {
    sent += bytes;
    while (head != tail) {
      long length = head.end - head.start;
      if (bytes < length) {
        head.start += bytes;
        return;
      }
      bytes -= length;
      Block block = head;
      head = block.next;
      head.previous = null;
      free(block);
    }
    if (head != null) {
      head.start += bytes;
      tailPosition += bytes;
      if (head.start == at) {
        clearTail();
      }
    }
  }

  private void clearTail() {
    free(tail);
    head = null;
    tail = null;
    at = 0;
    roomEnd = 0;
  }

  private void free(Block block) {
    pool.free(block.address, block.size);
    blocks--;
    blockBytes -= block.size;
    block.next = null;
    block.previous = null;
    spare = block;
  }

  /** Drops what waits. */
  public void clear() {
    sent = position();
    tailPosition = sent;
    while (head != null) {
      Block block = head;
      head = block.next;
      free(block);
    }
    tail = null;
    at = 0;
    roomEnd = 0;
    deferredCount = 0;
  }

  /** Copies what waits between two positions to the end of another buffer. */
  public void copy(long from, long to, ReplyBuffer target) {
    long position = sent;
    for (Block block = head; block != null && position < to; block = block.next) {
      long length = (block == tail ? at : block.end) - block.start;
      long first = Math.max(from, position);
      long last = Math.min(to, position + length);
      if (first < last) {
        target.append(block.start + (first - position), last - first);
      }
      position += length;
    }
  }

  /** Replaces what waits by what waits in another buffer, which is empty afterwards. */
  public void replaceBy(ReplyBuffer other) {
    clear();
    other.copy(other.sent, other.position(), this);
    other.clear();
  }
}
