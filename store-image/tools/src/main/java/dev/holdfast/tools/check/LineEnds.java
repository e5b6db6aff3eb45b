package dev.holdfast.tools.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Counts the line ends of a command that is damaged further on, for the {@code ok_up_to_line} that
 * stock tools print.
 */
final class LineEnds {

  private static final int LONGEST_LINE = 32;

  private final FileChannel channel;
  private final long end;
  private long at;
  private long lines;

  private LineEnds(FileChannel channel, long start, long end) {
    this.channel = channel;
    this.at = start;
    this.end = end;
  }

  /**
   * @param start first byte of the command
   * @param end first byte that is wrong, or the end of the file
   */
  static long before(FileChannel channel, long start, long end) throws IOException {
    var lineEnds = new LineEnds(channel, start, end);
    lineEnds.count();
    return lineEnds.lines;
  }

  private void count() throws IOException {
    long arguments = length('*');
    for (long i = 0; i < arguments; i++) {
      long bytes = length('$');
      if (bytes < 0 || at + bytes + 2 > end) {
        return;
      }
      at += bytes + 2;
      lines++;
    }
  }

  /**
   * Reads a prefix, a length and a line end; -1 when that is not there, complete, before the end.
   */
  private long length(char prefix) throws IOException {
    var line = ByteBuffer.allocate((int) Math.min(LONGEST_LINE, Math.max(0, end - at)));
    while (line.hasRemaining() && channel.read(line, at + line.position()) > 0) {
      // until the buffer is full or the file ends
    }
    line.flip();
    if (!line.hasRemaining() || line.get() != prefix) {
      return -1;
    }
    long value = 0;
    while (line.hasRemaining()) {
      byte digit = line.get();
      if (digit == '\r' && line.hasRemaining() && line.get() == '\n') {
        at += line.position();
        lines++;
        return value;
      }
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + digit - '0';
    }
    return -1;
  }
}
