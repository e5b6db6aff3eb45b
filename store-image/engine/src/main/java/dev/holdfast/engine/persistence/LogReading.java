package dev.holdfast.engine.persistence;

import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads and verifies a file of the log on the background thread, while the command thread executes
 * what is verified.
 *
 * <p>Two readers go over the file. The first verifies, in constant memory however large a group is;
 * the second follows up to where the first one says that the file counts, and copies the commands
 * into blocks. So nothing of a group is executed before its line was seen, and a group of a
 * gigabyte costs no memory. The second pass finds the bytes in the kernel's cache.
 */
final class LogReading {
  /** The reader rests while this much waits for the command thread. */
  private static final long ROOM = 16 << 20;

  private static final long REST_NANOS = 50_000;
  private static final int MOST_KEPT = 32;

  /** The second reader follows in steps of this many bytes. */
  private static final long STEP = 256 << 10;

  private static final int WINDOW = 512 << 10;

  private final Storage storage;
  private final Path path;
  private final long from;
  private final Runnable wakeLoop;
  private final Queue<CommandBlock> blocks = new ConcurrentLinkedQueue<>();
  private final Queue<CommandBlock> free = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();

  private CommandBlock filling;

  private int blockBytes;
  private volatile boolean abandoned;
  private volatile boolean finished;
  private volatile IOException failure;
  private volatile LogEnd end;
  private volatile long position;

  /**
   * @param from where the commands begin: 0, or the end of the RDB preamble
   */
  LogReading(Storage storage, Path path, long from, Background background, Runnable wakeLoop) {
    this.storage = storage;
    this.path = path;
    this.from = from;
    this.position = from;
    this.wakeLoop = wakeLoop;
    background.submit(this::read);
  }

  // ---- command thread

  /** The next block, or null when there is none now; give it back with {@link #done}. */
  CommandBlock poll() {
    return blocks.poll();
  }

  void done(CommandBlock block) {
    queuedBytes.addAndGet(-block.size());
    if (free.size() >= MOST_KEPT) {
      block.free();
    } else if (block.recycle()) {
      free.add(block);
    }
  }

  /** Everything was read, well or not, and {@link #poll} gives what is still to come. */
  boolean isFinished() {
    return finished;
  }

  /** Why the file could not be read, or null. */
  IOException failure() {
    return failure;
  }

  /** How the file ends, once {@link #isFinished} without a failure. */
  LogEnd end() {
    return end;
  }

  /** Offset up to which commands were handed over. */
  long position() {
    return position;
  }

  /** Ends reading early. */
  void abandon() {
    abandoned = true;
  }

  /** Frees the blocks that wait for use; after the last one was given back. */
  void close() {
    for (var block = free.poll(); block != null; block = free.poll()) {
      block.free();
    }
  }

  // ---- background thread

  private void read() {
    try (var ahead = new FileInput(storage.openForRead(path), from);
        var behind = new FileInput(storage.openForRead(path), from);
        var verified = new ByteSource(ahead, from, ahead.window(WINDOW));
        var copied = new ByteSource(behind, from, behind.window(WINDOW))) {
      blockBytes = behind.window(CommandBlock.FULL);
      filling = new CommandBlock(blockBytes);
      read(new GroupReader(verified, AofLimits.CHECK), new AofReader(copied, AofLimits.REPLAY));
    } catch (IOException e) {
      failure = e;
    }
    if (filling != null) {
      filling.free();
    }
    finished = true;
    wakeLoop.run();
  }

  private void read(GroupReader verifier, AofReader copier) throws IOException {
    Item item;
    do {
      item = verifier.next();
      if (verifier.lastGoodOffset() - copier.endOffset() >= STEP) {
        copy(copier, verifier.lastGoodOffset());
      }
    } while (!abandoned && (item == Item.COMMAND || item == Item.ANNOTATION));
    long good = verifier.lastGoodOffset();
    if (abandoned) {
      return;
    }
    if (copier.endOffset() > good) {
      throw new IOException(
          "%s; commands up to offset %d, which this line covers, count no more"
              .formatted(verifier.problem().message(), copier.endOffset()));
    }
    copy(copier, good);
    send();
    end = LogEnd.of(item, verifier);
  }

  private void copy(AofReader copier, long upTo) throws IOException {
    while (copier.endOffset() < upTo && !abandoned) {
      switch (copier.next()) {
        case COMMAND -> {
          filling.add(copier);
          if (filling.isFull()) {
            position = copier.endOffset();
            send();
          }
        }
        case ANNOTATION -> {}
        case END, TRUNCATED, CORRUPT ->
            throw new IOException(
                copier.problem() == null ? "the file shrinks" : copier.problem().message());
      }
    }
    position = copier.endOffset();
  }

  private void send() {
    while (queuedBytes.get() > ROOM && !abandoned) {
      LockSupport.parkNanos(REST_NANOS);
    }
    queuedBytes.addAndGet(filling.size());
    blocks.add(filling);
    var empty = free.poll();
    filling = empty != null ? empty : new CommandBlock(blockBytes);
    wakeLoop.run();
  }
}
