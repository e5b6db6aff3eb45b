package dev.holdfast.tools.check;

import dev.holdfast.formats.check.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** A file that is read from its start to its end, and tells how far that is. */
final class WatchedChannel implements ReadableByteChannel {
  private static final long STEP = 4 << 20;

  private final FileChannel file;
  private final String name;
  private final long size;
  private final Progress progress;
  private long read;
  private long next = STEP;

  WatchedChannel(FileChannel file, String name, Progress progress) throws IOException {
    this.file = file;
    this.name = name;
    this.size = file.size();
    this.progress = progress;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int bytes = file.read(target);
    read += Math.max(0, bytes);
    if (read >= next) {
      progress.at(name, read, size);
      next = read + STEP;
    }
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
