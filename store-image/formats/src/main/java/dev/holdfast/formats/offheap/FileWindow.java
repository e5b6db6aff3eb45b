package dev.holdfast.formats.offheap;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes of a file by position, through a buffer that follows. */
public final class FileWindow {
  private static final int CAPACITY = 64 * 1024;

  private final RandomRead file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY).limit(0);
  private long start;
  private long loads;

  public FileWindow(RandomRead file) {
    this.file = file;
  }

  /** The byte as 0..255, or -1 at or behind the end of the file. */
  public int at(long position) throws IOException {
    long index = position - start;
    if (index < 0 || index >= buffer.limit()) {
      load(position);
      index = 0;
    }
    return index < buffer.limit() ? buffer.get((int) index) & 0xff : -1;
  }

  /** How often the buffer had to be filled. */
  public long loads() {
    return loads;
  }

  private void load(long position) throws IOException {
    loads++;
    start = position;
    buffer.clear();
    while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) > 0) {
      // until the window is full or the file ends
    }
    buffer.flip();
  }

  /** Number of zero bytes at the end of the file, not counting those before {@code from}. */
  public static long trailingZeros(RandomRead file, long from) throws IOException {
    long size = file.size();
    var chunk = ByteBuffer.allocateDirect(CAPACITY);
    long end = size;
    while (end > from) {
      int length = (int) Math.min(CAPACITY, end - from);
      chunk.clear().limit(length);
      while (chunk.hasRemaining() && file.read(chunk, end - length + chunk.position()) > 0) {
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
