package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What looks like a line of ours at any offset of a file, wherever that is in the log. */
final class LineText {
  private final FileWindow window;
  private final ByteBuffer text = ByteBuffer.allocateDirect(LogLine.LONGEST);
  private final long address = MemorySegment.ofBuffer(text).address();
  private final LogLine line = new LogLine();
  private int length;

  LineText(RandomRead file) {
    this.window = new FileWindow(file);
  }

  /** Reads the line whose {@code #} stands there; false when it has not the form of one. */
  boolean read(long start) throws IOException {
    length = length(start + 1);
    if (length < 0) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      text.put(i, (byte) window.at(start + 1 + i));
    }
    return line.parse(address, length);
  }

  /** Bytes up to the line end, or -1 when the line cannot be one of ours. */
  private int length(long start) throws IOException {
    if (!LogLine.isLetter(window.at(start))) {
      return -1;
    }
    for (int i = 1; i < LogLine.LONGEST; i++) {
      int b = window.at(start + i);
      if (b == '\r') {
        return window.at(start + i + 1) == '\n' ? i : -1;
      }
      if (b <= ' ') {
        return -1;
      }
    }
    return -1;
  }

  /** What was read. */
  LogLine line() {
    return line;
  }

  /** Bytes of its text, without {@code #} and line end. */
  int length() {
    return length;
  }

  int at(long position) throws IOException {
    return window.at(position);
  }
}
