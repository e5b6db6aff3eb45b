package dev.holdfast.engine.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads a file from its start to its end into direct buffers, as the readers of formats want it.
 */
public final class FileInput implements ReadableByteChannel {
  private final StoredFile file;
  private long position;
  private boolean open = true;

  public FileInput(StoredFile file) {
    this(file, 0);
  }

  /** Begins to read at {@code position}. */
  public FileInput(StoredFile file, long position) {
    this.file = file;
    this.position = position;
  }

  /** How much memory a window over the rest of this file needs, of at most {@code most} bytes. */
  public int window(int most) throws IOException {
    // One byte more, so that the end is met before the window is full.
    return (int) Math.min(most, Math.max(0, file.size() - position) + 1);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    long read = file.read(position, MemorySegment.ofBuffer(target).address(), target.remaining());
    if (read > 0) {
      position += read;
      target.position(target.position() + (int) read);
    }
    return (int) read;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    file.close();
  }
}
