package dev.holdfast.formats.offheap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** A file that is read at any offset. */
public interface RandomRead {
  /**
   * Reads into a direct buffer at least one byte and at most what remains of it; -1 at or behind
   * the end of the file.
   */
  int read(ByteBuffer target, long offset) throws IOException;

  /** Size of the file in bytes. */
  long size() throws IOException;

  /** A file that stays open as long as its channel. */
  static RandomRead of(FileChannel channel) {
    return new RandomRead() {
      @Override
      public int read(ByteBuffer target, long offset) throws IOException {
        return channel.read(target, offset);
      }

      @Override
      public long size() throws IOException {
        return channel.size();
      }
    };
  }

  /** The bytes from this offset on, one after the other. Closing it closes nothing. */
  default ReadableByteChannel from(long offset) {
    return new ReadableByteChannel() {
      private long at = offset;

      @Override
      public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
          return 0;
        }
        int read = RandomRead.this.read(target, at);
        at += Math.max(0, read);
        return read;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {
        // The file belongs to who opened it.
      }
    };
  }
}
