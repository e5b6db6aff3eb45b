package dev.holdfast.engine.aof;

import dev.holdfast.engine.storage.Storage;
import dev.holdfast.formats.aof.AofNames;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Replaces the manifest in one durable step: a temporary file, synced, renamed, and the directory
 * synced, so that a power cut leaves the old one or the new one.
 */
public final class ManifestStore {
  private final Storage storage;
  private final Path directory;
  private final AofNames names;

  /**
   * @param directory the folder of the AOF, which exists
   */
  public ManifestStore(Storage storage, Path directory, AofNames names) {
    this.storage = storage;
    this.directory = directory;
    this.names = names;
  }

  /** When this fails, the disk may hold either manifest. */
  public void persist(Manifest manifest) throws IOException {
    var temporary = directory.resolve(names.temporaryManifest());
    try (var bytes = new NativeBuffer(1024);
        var file = storage.create(temporary)) {
      bytes.put(manifest.encode());
      file.writeFully(bytes.address(), bytes.length());
      file.sync();
    }
    storage.rename(temporary, directory.resolve(names.manifest()));
    storage.syncDirectory(directory);
  }
}
