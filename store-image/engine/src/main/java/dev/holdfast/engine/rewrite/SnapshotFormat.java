package dev.holdfast.engine.rewrite;

import java.io.IOException;

/** Encodes a snapshot's entries into a file. */
interface SnapshotFormat extends AutoCloseable {
  void start() throws IOException;

  void write(EntryBlock block) throws IOException;

  /** Writes what is still missing; everything has reached the file when this returns. */
  void end() throws IOException;

  @Override
  void close();
}
