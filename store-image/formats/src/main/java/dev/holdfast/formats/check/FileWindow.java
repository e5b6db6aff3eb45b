package dev.holdfast.formats.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes of a file by position, through a buffer that follows. */
final class FileWindow {
  private static final int CAPACITY = 64 * 1024;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).limit(0);
  private long start;
  private long loads;

  FileWindow(FileChannel channel) {
    this.channel = channel;
  }

  /** The byte as 0..255, or -1 at or behind the end of the file. */
  int at(long position) throws IOException {
    long index = position - start;
    if (index < 0 || index >= buffer.limit()) {
      load(position);
      index = 0;
    }
    return index < buffer.limit() ? buffer.get((int) index) & 0xff : -1;
  }

  /** How often the buffer had to be filled. */
  long loads() {
    return loads;
  }

  private void load(long position) throws IOException {
    loads++;
    start = position;
    buffer.clear();
    while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) > 0) {
      // until the window is full or the file ends
    }
    buffer.flip();
  }

  /** Number of zero bytes at the end of the file, not counting those before {@code from}. */
  static long trailingZeros(FileChannel channel, long from) throws IOException {
    long size = channel.size();
    var chunk = ByteBuffer.allocate(CAPACITY);
    long end = size;
    while (end > from) {
      int length = (int) Math.min(CAPACITY, end - from);
      chunk.clear().limit(length);
      while (chunk.hasRemaining() && channel.read(chunk, end - length + chunk.position()) > 0) {
        // until the chunk is full
      }
      for (int i = length - 1; i >= 0; i--) {
        if (chunk.get(i) != 0) {
          return size - (end - length + i + 1);
        }
      }
      end -= length;
    }
    return size - from;
  }
}
