package dev.holdfast.engine.aof;

import dev.holdfast.engine.storage.Storage;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file beside the manifest that says: the AOF was off and the data was changed, so these files
 * hold old data. It holds a copy of the manifest that it speaks of, so that it means nothing any
 * more once another one is in force.
 */
public final class StaleMark {
  private final Storage storage;
  private final Path file;

  public StaleMark(Storage storage, AofFiles files) {
    this.storage = storage;
    this.file = files.staleMark();
  }

  public Path file() {
    return file;
  }

  /** Whether the files of this manifest are known to be out of date. */
  public boolean speaksOf(Manifest manifest) throws IOException {
    if (!storage.exists(file)) {
      return false;
    }
    var expected = manifest.encode();
    try (var mark = storage.openForRead(file);
        var bytes = new NativeBuffer(expected.length)) {
      return mark.size() == expected.length
          && mark.read(0, bytes.address(), expected.length) == expected.length
          && Arrays.equals(Raw.bytes(bytes.address(), expected.length), expected);
    }
  }

  /** Makes the mark durable. */
  void set(Manifest manifest) throws IOException {
    try (var bytes = new NativeBuffer(1024);
        var mark = storage.create(file)) {
      bytes.put(manifest.encode());
      mark.writeFully(bytes.address(), bytes.length());
      mark.sync();
    }
    storage.syncDirectory(file.getParent());
  }

  /** Removes it; that it comes back after a power cut does no harm. */
  public void clear() throws IOException {
    storage.delete(file);
  }
}
