package dev.holdfast.engine.rewrite;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks between two threads: how many bytes are under way, and the emptied blocks for the way
 * back.
 */
public final class EntryQueue {
  private static final int MOST_KEPT = 32;

  private final Queue<EntryBlock> free = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** An empty block to fill. */
  public EntryBlock take() {
    var block = free.poll();
    return block != null ? block : new EntryBlock();
  }

  /** Counts a block that is handed over. */
  public void sent(EntryBlock block) {
    queuedBytes.addAndGet(block.size());
  }

  /** The other side is done with the block. */
  public void done(EntryBlock block) {
    queuedBytes.addAndGet(-block.size());
    if (free.size() >= MOST_KEPT) {
      block.free();
    } else if (block.recycle()) {
      free.add(block);
    }
  }

  /** Bytes that were handed over and not worked on yet. */
  public long queuedBytes() {
    return queuedBytes.get();
  }

  /** Frees the blocks that wait for use. */
  public void close() {
    for (var block = free.poll(); block != null; block = free.poll()) {
      block.free();
    }
  }
}
