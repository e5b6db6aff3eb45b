package dev.holdfast.formats.offheap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Where encoded bytes go. */
@FunctionalInterface
public interface ByteSink {
  /** Takes all of the bytes before it returns; the memory is reused afterwards. */
  void write(MemorySegment bytes) throws IOException;
}
