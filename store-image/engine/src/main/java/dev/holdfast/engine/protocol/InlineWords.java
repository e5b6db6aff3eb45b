package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;

/**
 * Splits an inline request into words. Words may be quoted: {@code "…"} knows {@code \n \r \t \b \a
 * \xHH} and a backslash before any other character, {@code '…'} knows {@code \'}; a closing quote
 * must be followed by space or the end. The words are kept apart from the request, which may be
 * read again.
 */
final class InlineWords {
  private final BufferPool pool;
  private long block;
  private long blockSize;
  private long at;

  InlineWords(BufferPool pool) {
    this.pool = pool;
  }

  boolean holdsWords() {
    return block != 0;
  }

  void release() {
    if (block != 0) {
      pool.free(block, blockSize);
      block = 0;
    }
  }

  /** False when quotes are not closed as they should be. */
  boolean split(long from, long to, Args into) {
    into.clear();
    blockSize = BufferPool.blockSize(to - from + 1);
    block = pool.allocate(to - from + 1);
    at = block;
    long p = from;
    while (true) {
      while (p < to && isSpace(Memory.getByte(p))) {
        p++;
      }
      if (p == to) {
        return true;
      }
      long word = at;
      p = word(p, to);
      if (p < 0) {
        return false;
      }
      into.add(word, (int) (at - word));
    }
  }

  private long word(long p, long to) {
    while (p < to) {
      byte c = Memory.getByte(p);
      switch (c) {
        case ' ', '\n', '\r', '\t' -> {
          return p;
        }
        case '"', '\'' -> {
          p = quoted(p + 1, to, c);
          boolean closed = p >= 0 && (p == to || isSpace(Memory.getByte(p)));
          return closed ? p : -1;
        }
        default -> put(c);
      }
      p++;
    }
    return p;
  }

  /** Returns where the text behind the closing quote begins, or -1. */
  private long quoted(long p, long to, byte quote) {
    while (p < to) {
      byte c = Memory.getByte(p);
      if (c == quote) {
        return p + 1;
      }
      if (c == '\\' && p + 1 < to && quote == '"') {
        p = escape(p, to);
      } else if (c == '\\' && p + 1 < to && Memory.getByte(p + 1) == '\'') {
        put((byte) '\'');
        p += 2;
      } else {
        put(c);
        p++;
      }
    }
    return -1;
  }

  private long escape(long p, long to) {
    byte c = Memory.getByte(p + 1);
    if (c == 'x' && p + 3 < to) {
      int high = Character.digit(Memory.getByte(p + 2), 16);
      int low = Character.digit(Memory.getByte(p + 3), 16);
      if (high >= 0 && low >= 0) {
        put((byte) (high << 4 | low));
        return p + 4;
      }
    }
    put(
        switch (c) {
          case 'n' -> (byte) '\n';
          case 'r' -> (byte) '\r';
          case 't' -> (byte) '\t';
          case 'b' -> (byte) '\b';
          case 'a' -> (byte) 7;
          default -> c;
        });
    return p + 2;
  }

  private void put(byte c) {
    Memory.putByte(at++, c);
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c >= 9 && c <= 13;
  }
}
