package dev.holdfast.engine.aof;

import dev.holdfast.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file beside the manifest that says: a sync of the log failed, so what the kernel shows of it
 * may not be on the disk, and no later sync would bring it there.
 *
 * <p>Its use is after {@code kill -9}: the next process reads the same cached pages, which look
 * whole. The mark is in the same cache, so it need not be durable; after a power cut there are no
 * such pages, and without the mark none are suspected.
 */
public final class UnsyncedMark {
  private final Storage storage;
  private final Path file;

  public UnsyncedMark(Storage storage, AofFiles files) {
    this.storage = storage;
    this.file = files.unsyncedMark();
  }

  public boolean isSet() {
    return storage.exists(file);
  }

  void set() {
    try {
      storage.create(file).close();
    } catch (IOException e) {
      // Where not even a name can be created, the next start cannot open the log for writing.
    }
  }

  void clear() throws IOException {
    if (isSet()) {
      storage.delete(file);
    }
  }
}
