package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StoredFile;
import dev.holdfast.formats.offheap.ByteSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The file of a snapshot while it is written. Used by one thread. */
final class SnapshotFile implements ByteSink, AutoCloseable {
  private static final long SYNC_STEP = 4 << 20;

  private final Storage storage;
  private final SnapshotSpec spec;
  private final StoredFile file;
  private final SnapshotFormat format;
  private long size;
  private long unsynced;

  SnapshotFile(Storage storage, SnapshotSpec spec) throws IOException {
    this.storage = storage;
    this.spec = spec;
    this.file = storage.create(spec.temporary());
    this.format =
        switch (spec.format()) {
          case RDB -> new RdbSnapshot(spec, this);
          case AOF -> new AofSnapshot(spec, this);
        };
    format.start();
  }

  void write(EntryBlock block) throws IOException {
    format.write(block);
  }

  /** Completes the file and makes it durable, under its final name if it has one. */
  void complete() throws IOException {
    format.end();
    file.sync();
    if (spec.target().isPresent()) {
      var target = spec.target().get();
      storage.rename(spec.temporary(), target);
      storage.syncDirectory(target.getParent());
    }
  }

  long size() {
    return size;
  }

  @Override
  public void write(MemorySegment bytes) throws IOException {
    file.writeFully(bytes.address(), bytes.byteSize());
    size += bytes.byteSize();
    unsynced += bytes.byteSize();
    if (spec.syncInSteps() && unsynced >= SYNC_STEP) {
      file.sync();
      unsynced = 0;
    }
  }

  @Override
  public void close() throws IOException {
    format.close();
    file.close();
  }

  /** Closes and removes what was written. */
  void discard() {
    try {
      close();
      storage.delete(spec.temporary());
    } catch (IOException e) {
      // The next start sweeps it away.
    }
  }
}
