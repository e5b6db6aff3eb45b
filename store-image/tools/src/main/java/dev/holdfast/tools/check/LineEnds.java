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
   * Those up to the first byte that cannot be part of a command.
   *
   * @param start first byte of the command
   */
  static long of(FileChannel channel, long start) throws IOException {
    var lineEnds = new LineEnds(channel, start, channel.size());
    lineEnds.count();
    return lineEnds.lines;
  }

  private void count() throws IOException {
    long arguments = length('*');
    for (long i = 0; i < arguments; i++) {
      long bytes = length('$');
      if (bytes < 0 || bytes > end - at - 2 || !isLineEnd(at + bytes)) {
        return;
      }
      at += bytes + 2;
      lines++;
    }
  }

  private boolean isLineEnd(long position) throws IOException {
    var bytes = read(position, 2);
    return bytes.remaining() == 2 && bytes.get() == '\r' && bytes.get() == '\n';
  }

  /**
   * Reads a prefix, a number and a line end; -1 when that is not there, complete, before the end,
   * and for a negative number. A number too large is the largest there is.
   */
  private long length(char prefix) throws IOException {
    var line = read(at, LONGEST_LINE);
    if (!line.hasRemaining() || line.get() != prefix) {
      return -1;
    }
    boolean negative = line.hasRemaining() && line.get(line.position()) == '-';
    if (negative) {
      line.get();
    }
    long value = 0;
    while (line.hasRemaining()) {
      byte digit = line.get();
      if (digit == '\r' && line.hasRemaining() && line.get() == '\n') {
        at += line.position();
        lines++;
        return negative ? -1 : value;
      }
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value > Long.MAX_VALUE / 10 - 1 ? Long.MAX_VALUE / 10 : value * 10 + digit - '0';
    }
    return -1;
  }

  private ByteBuffer read(long position, int most) throws IOException {
    var bytes = ByteBuffer.allocate((int) Math.min(most, Math.max(0, end - position)));
    while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) > 0) {
      // until the buffer is full or the file ends
    }
    return bytes.flip();
  }
}
