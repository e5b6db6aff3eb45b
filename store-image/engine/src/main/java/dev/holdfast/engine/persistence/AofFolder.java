package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.AofFiles;
import dev.holdfast.engine.aof.ManifestStore;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which files make up the data at the start. Where stock servers start empty in silence
 * (a manifest that is gone, a {@code dump.rdb} where the AOF is on) this refuses, unless there is
 * provably nothing to lose: files without a single key are what a start leaves that was interrupted
 * before its first manifest.
 */
final class AofFolder {
  private final Storage storage;
  private final AofFiles files;
  private final Path dump;

  AofFolder(Storage storage, AofFiles files, Path dump) {
    this.storage = storage;
    this.files = files;
    this.dump = dump;
  }

  /**
   * The manifest; empty when the AOF has never been written here. Takes over a single-file AOF of
   * Redis 6 and before.
   */
  Optional<Manifest> find() throws IOException, LoadException {
    var manifest = readManifest();
    if (manifest.isEmpty()) {
      manifest = finishInstall();
    }
    var single = files.paths().directory().resolve(files.paths().appendFileName());
    if (!storage.exists(single)) {
      if (manifest.isEmpty()) {
        refuseUnclaimed();
      }
      return manifest;
    }
    if (manifest.isEmpty()) {
      refuseUnclaimed();
      return Optional.of(upgrade(single));
    }
    return manifest.get().equals(upgraded())
            && !storage.exists(files.file(files.paths().appendFileName()))
        ? Optional.of(upgrade(single))
        : manifest;
  }

  /** Refuses when {@code dump.rdb} holds keys that a start with an empty AOF would hide. */
  void refuseHiddenDump() throws IOException, LoadException {
    if (storage.exists(dump) && holdsData(dump)) {
      throw new LoadException(
          """
          %s holds data, but the append only file is switched on and there is none yet: the store would come up empty. \
          To keep the data, start with "--appendonly no" and then CONFIG SET appendonly yes, which writes the append only file from it. \
          To begin empty, move the file away."""
              .formatted(dump));
    }
  }

  /** Files in the folder that belong to an AOF, hold data, and are named by no manifest. */
  List<String> unclaimed() throws IOException {
    var found = new ArrayList<String>();
    for (var name : storage.list(files.folder())) {
      if (files.names().parse(name).isPresent()
          && !isAnnounced(name)
          && holdsData(files.file(name))) {
        found.add(name);
      }
    }
    return found;
  }

  /**
   * A crash while the first base got its name leaves an announced manifest. When all its files are
   * there, it comes into force; otherwise the AOF never was in force, and the files that are there
   * belong to nobody.
   */
  private Optional<Manifest> finishInstall() throws IOException {
    var announced = announced();
    if (announced.isEmpty()
        || !announced.get().replayed().stream()
            .allMatch(file -> storage.exists(files.file(file.name())))) {
      return Optional.empty();
    }
    new ManifestStore(storage, files.folder(), files.names()).commit();
    return announced;
  }

  private Optional<Manifest> announced() throws IOException {
    try {
      return read(files.file(files.names().temporaryManifest()));
    } catch (LoadException e) {
      // It was being written when the power went: no file has a name from it.
      return Optional.empty();
    }
  }

  private boolean isAnnounced(String name) throws IOException {
    return announced().stream()
        .flatMap(manifest -> manifest.replayed().stream())
        .anyMatch(file -> file.name().equals(name));
  }

  Optional<Manifest> readManifest() throws IOException, LoadException {
    return read(files.manifest());
  }

  private Optional<Manifest> read(Path path) throws IOException, LoadException {
    if (!storage.exists(path)) {
      return Optional.empty();
    }
    try (var file = storage.openForRead(path);
        var bytes = new NativeBuffer(4096)) {
      long size = file.size();
      long at = bytes.reserve(size);
      long read = 0;
      while (read < size) {
        long n = file.read(read, at + read, size - read);
        if (n < 0) {
          break;
        }
        read += n;
      }
      return Optional.of(Manifest.parse(Raw.bytes(at, (int) read), path.toString()));
    } catch (ManifestException e) {
      throw new LoadException(
          e.getMessage()
              + "; run holdfast-check-aof on it, and repair the manifest or restore a backup",
          e);
    }
  }

  private void refuseUnclaimed() throws IOException, LoadException {
    var found = unclaimed();
    if (!found.isEmpty()) {
      throw new LoadException(
          """
          The manifest %s is missing, but there are files of an append only file: %s. A stock server would start empty and overwrite them. \
          Restore the manifest (one line "file NAME seq N type b" for the base and "… type i" for each incremental file, in order), \
          or move the files away to begin empty."""
              .formatted(files.manifest(), String.join(", ", found)));
    }
  }

  private Manifest upgraded() {
    return Manifest.upgradeFrom(files.paths().appendFileName());
  }

  /** In this order a crash at any point leaves something that the next start takes up again. */
  private Manifest upgrade(Path single) throws IOException {
    storage.createDirectories(files.folder());
    new ManifestStore(storage, files.folder(), files.names()).persist(upgraded());
    storage.rename(single, files.file(files.paths().appendFileName()));
    storage.syncDirectory(files.folder());
    storage.syncDirectory(files.paths().directory());
    return upgraded();
  }

  /** Whether a file holds a key or a command; one that cannot be read does. */
  private boolean holdsData(Path path) throws IOException {
    try (var file = storage.openForRead(path);
        var input = new FileInput(file);
        var source = new ByteSource(input)) {
      if (!source.fill()) {
        return false;
      }
      if (Preamble.detect(source) == BaseFormat.AOF) {
        return true;
      }
      new RdbReader(source).read(new FirstKey());
      return source.fill();
    } catch (KeyFound e) {
      return true;
    } catch (dev.holdfast.formats.rdb.RdbException e) {
      return true;
    }
  }

  private static final class KeyFound extends RuntimeException {
    private static final long serialVersionUID = 1;

    KeyFound() {
      super(null, null, false, false);
    }
  }

  private static final class FirstKey implements RdbVisitor {
    @Override
    public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {
      throw new KeyFound();
    }

    @Override
    public boolean unsupported(long key, int keyLength, RdbEntry entry) {
      throw new KeyFound();
    }

    @Override
    public void function(long address, int length) {
      throw new KeyFound();
    }
  }
}
