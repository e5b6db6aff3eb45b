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
    write(manifest);
    commit();
  }

  /**
   * Makes the manifest durable under its temporary name, so that files can get the names in it:
   * where no manifest was in force before, a start after a crash in between knows by it what these
   * files are.
   */
  void announce(Manifest manifest) throws IOException {
    write(manifest);
    storage.syncDirectory(directory);
  }

  /** Puts what was announced in force. When this fails, the disk may hold either manifest. */
  void commit() throws IOException {
    storage.rename(
        directory.resolve(names.temporaryManifest()), directory.resolve(names.manifest()));
    storage.syncDirectory(directory);
  }

  private void write(Manifest manifest) throws IOException {
    try (var bytes = new NativeBuffer(1024);
        var file = storage.create(directory.resolve(names.temporaryManifest()))) {
      bytes.put(manifest.encode());
      file.writeFully(bytes.address(), bytes.length());
      file.sync();
    }
  }
}
