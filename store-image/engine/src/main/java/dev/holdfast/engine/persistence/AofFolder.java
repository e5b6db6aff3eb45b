package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.AofFiles;
import dev.holdfast.engine.aof.ManifestStore;
import dev.holdfast.engine.aof.StaleMark;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.aof.ManifestFile;
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
    } else {
      refuseNewer(manifest.get());
      refuseStale(manifest.get());
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
          To begin empty, move the file away.\
          """
              .formatted(dump));
    }
  }

  /**
   * Refuses when the AOF is off, there is no {@code dump.rdb}, and the files of an AOF hold data
   * that a start would pass over. Data that was changed after the AOF had been switched off is
   * nowhere any more: then the start goes on.
   *
   * @param manifest that is in force; empty when there is none
   * @return what to warn of when the start goes on
   */
  Optional<String> refuseHiddenLog(Manifest manifest) throws IOException, LoadException {
    if (!manifest.isEmpty() && new StaleMark(storage, files).speaksOf(manifest)) {
      return Optional.of(
          "Starting with no key: the append only file is switched off, there is no %s, and the files in %s are not loaded, because the data was changed after they were switched off"
              .formatted(dump, files.folder()));
    }
    var found = new ArrayList<String>();
    for (var name : storage.list(files.folder())) {
      if (files.names().parse(name).isPresent() && holdsData(files.file(name))) {
        found.add(files.file(name).toString());
      }
    }
    var single = files.paths().directory().resolve(files.paths().appendFileName());
    if (storage.exists(single) && holdsData(single)) {
      found.add(single.toString());
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    throw new LoadException(
        """
        The append only file is switched off and there is no %s, but files of an append only file hold data: %s. The store would come up empty. \
        To keep the data, start with "--appendonly yes", which loads them. \
        To begin empty, move the files away.\
        """
            .formatted(dump, String.join(", ", found)));
  }

  /** Refuses files that are known to hold old data. */
  private void refuseStale(Manifest manifest) throws IOException, LoadException {
    var mark = new StaleMark(storage, files);
    if (mark.speaksOf(manifest)) {
      throw new LoadException(
          """
          The append only file in %s is out of date: it was switched off, and the data was changed after that. A stock server would load the old data. \
          To keep the newer data (%s), start with "--appendonly no" and then CONFIG SET appendonly yes, which writes the append only file anew. \
          To go back to the old data, remove the file %s%s.\
          """
              .formatted(
                  files.folder(),
                  storage.exists(dump) ? "what was saved of it is in " + dump : "none was saved",
                  mark.file(),
                  storage.exists(dump) ? " and move " + dump + " away" : ""));
    }
  }

  /**
   * Refuses a manifest that is older than the files: a server names an incremental file before the
   * first byte goes there, and the next rewrite would overwrite it.
   */
  private void refuseNewer(Manifest manifest) throws IOException, LoadException {
    long newest = manifest.lastIncr().map(ManifestFile::seq).orElse(0L);
    for (var name : storage.list(files.folder())) {
      var part = files.names().parse(name);
      if (part.isPresent()
          && !part.get().base()
          && part.get().seq() > newest
          && !isAnnounced(name)
          && holdsData(files.file(name))) {
        throw new LoadException(
            """
            The manifest %s is older than the files beside it: it does not name %s, which holds data. A stock server would ignore that file and overwrite it. \
            Restore the newest manifest, or move the file away to do without it.\
            """
                .formatted(files.manifest(), name));
      }
    }
  }

  /**
   * What a rewrite left that did not come into force, in the order in which it has to go: the
   * announced manifest last, because it says what the files are. Nothing else needs these files, as
   * everything is in those that {@code manifest} names.
   */
  List<String> leftovers(Manifest manifest) throws IOException {
    var found = new ArrayList<String>();
    long newestBase = manifest.base().map(ManifestFile::seq).orElse(0L);
    for (var name : storage.list(files.folder())) {
      var part = files.names().parse(name);
      if (part.isEmpty() || names(manifest, name)) {
        continue;
      }
      boolean unfinished =
          part.get().base() ? part.get().seq() > newestBase : !holdsData(files.file(name));
      if (unfinished || isAnnounced(name)) {
        found.add(name);
      }
    }
    for (var name : List.of(files.names().temporaryIncr(), files.names().temporaryManifest())) {
      if (storage.exists(files.file(name))) {
        found.add(name);
      }
    }
    return found;
  }

  private static boolean names(Manifest manifest, String name) {
    return manifest.replayed().stream().anyMatch(file -> file.name().equals(name))
        || manifest.history().stream().anyMatch(file -> file.name().equals(name));
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
   * there, it comes into force, written anew, because a process that was killed may not have synced
   * it; otherwise the AOF never was in force, and the files that are there belong to nobody.
   */
  private Optional<Manifest> finishInstall() throws IOException {
    var announced = announced();
    if (announced.isEmpty()
        || !announced.get().replayed().stream()
            .allMatch(file -> storage.exists(files.file(file.name())))) {
      return Optional.empty();
    }
    new ManifestStore(storage, files.folder(), files.names()).persist(announced.get());
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
          or move the files away to begin empty.\
          """
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
  boolean holdsData(Path path) throws IOException {
    try (var file = storage.openForRead(path);
        var input = new FileInput(file);
        var source = new ByteSource(input)) {
      if (!source.fill()) {
        return false;
      }
      if (Preamble.detect(source) == BaseFormat.AOF) {
        return holdsCommand(source);
      }
      new RdbReader(source).read(new FirstKey());
      return source.fill();
    } catch (KeyFound e) {
      return true;
    } catch (dev.holdfast.formats.rdb.RdbException e) {
      return true;
    }
  }

  /** A file that was only begun has annotations, or what was left of one. */
  private static boolean holdsCommand(ByteSource source) throws IOException {
    var reader = new AofReader(source, AofLimits.CHECK);
    var item = reader.next();
    while (item == Item.ANNOTATION) {
      item = reader.next();
    }
    return switch (item) {
      case END -> false;
      case TRUNCATED -> Raw.getByte(source.address()) != '#';
      case CORRUPT -> !reader.problem().zeros();
      default -> true;
    };
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
