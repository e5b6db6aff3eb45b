package dev.holdfast.engine.persistence;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.offheap.NativeBuffer;

/**
 * Commands of the log on their way from the thread that reads and verifies to the one that
 * executes, in native memory. One thread fills it, then another walks over it.
 */
final class CommandBlock {
  /** A block with this many bytes is handed over. */
  static final int FULL = 256 << 10;

  private static final long LARGEST_KEPT = 1 << 20;
  private static final int COUNT = 0;
  private static final int OFFSET = 4;
  private static final int HEADER = 12;
  private static final int LENGTH = 4;

  private final NativeBuffer bytes;
  private long next;
  private long offset;

  /**
   * @param expected how many bytes it will probably hold; it grows when they are more
   */
  CommandBlock(int expected) {
    bytes = new NativeBuffer(expected + 4096L);
  }

  /** Adds the reader's present command. */
  void add(AofReader command) {
    int count = command.argCount();
    long size = HEADER;
    for (int i = 0; i < count; i++) {
      size += LENGTH + command.argLength(i);
    }
    long at = bytes.reserve(size);
    Memory.putInt(at + COUNT, count);
    Memory.putLong(at + OFFSET, command.offset());
    at += HEADER;
    for (int i = 0; i < count; i++) {
      int length = command.argLength(i);
      Memory.putInt(at, length);
      Memory.copy(command.argAddress(i), at + LENGTH, length);
      at += LENGTH + length;
    }
    bytes.advance(size);
  }

  boolean isFull() {
    return bytes.length() >= FULL;
  }

  boolean isEmpty() {
    return bytes.length() == 0;
  }

  long size() {
    return bytes.length();
  }

  /** Goes to the next command, the first one at the first call; false behind the last. */
  boolean next(Args args) {
    if (next >= bytes.length()) {
      return false;
    }
    long at = bytes.address() + next;
    int count = Memory.getInt(at + COUNT);
    offset = Memory.getLong(at + OFFSET);
    at += HEADER;
    args.clear();
    for (int i = 0; i < count; i++) {
      int length = Memory.getInt(at);
      args.add(at + LENGTH, length);
      at += LENGTH + length;
    }
    next = at - bytes.address();
    return true;
  }

  /** Offset in the file of the present command. */
  long offset() {
    return offset;
  }

  /** Empties it for use; false when it has grown too large to keep, and is freed. */
  boolean recycle() {
    if (bytes.capacity() > LARGEST_KEPT) {
      bytes.close();
      return false;
    }
    bytes.clear();
    next = 0;
    return true;
  }

  void free() {
    bytes.close();
  }
}
