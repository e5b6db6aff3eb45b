package dev.holdfast.engine.persistence;

import dev.holdfast.engine.storage.StoredFile;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A stored file as the formats read it at any offset. Closing it is up to who opened it. */
record RandomFile(StoredFile file) implements RandomRead {
  @Override
  public int read(ByteBuffer target, long offset) throws IOException {
    long read = file.read(offset, MemorySegment.ofBuffer(target).address(), target.remaining());
    target.position(target.position() + (int) Math.max(0, read));
    return (int) read;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }
}
