package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.aof.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What our server leaves beside a manifest to say more than a manifest can: that its files are out
 * of date, and which files the next one is going to name.
 */
final class FolderNotes {
  private final DataFolder folder;

  FolderNotes(DataFolder folder) {
    this.folder = folder;
  }

  /**
   * Whether the AOF was switched off and the data changed after that: {@code
   * <appendfilename>.stale} holds a copy of the manifest that it speaks of.
   */
  boolean isStale(Manifest manifest) throws IOException {
    var mark = staleMark();
    return Files.isRegularFile(mark) && Arrays.equals(Files.readAllBytes(mark), manifest.encode());
  }

  /** The verdict about a stale AOF: a server would load old data, and hide what is newer. */
  AofCheck stale(Progress progress) throws IOException {
    return outOfDate(
        "the AOF is out of date: it was switched off, and the data was changed after that",
        progress);
  }

  /** The same in other words, to which is added what was saved. */
  AofCheck outOfDate(String why, Progress progress) throws IOException {
    var snapshot = new Leftovers(folder, progress).snapshotWithData();
    var saved =
        snapshot
            .map(
                check ->
                    "what was saved of it is in %s, with %d keys"
                        .formatted(check.name(), check.entries()))
            .orElse("none of it was saved");
    var file = snapshot.map(FileCheck::path).orElse(staleMark());
    return new AofCheck(
        Verdict.UNCLAIMED_FILES,
        Optional.of(folder.dir().relativize(file).toString()),
        OptionalLong.empty(),
        snapshot.map(FileCheck::size).orElse(0L),
        snapshot.map(FileCheck::size).orElse(0L),
        snapshot.map(FileCheck::entries).orElse(0L),
        why + "; " + saved,
        snapshot.map(List::of).orElse(List.of()));
  }

  /** The manifest that is about to come into force; empty when there is none that can be read. */
  Optional<Manifest> announced() throws IOException {
    var file = announcement();
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      var name = file.getFileName().toString();
      return Optional.of(Manifest.parse(Files.readAllBytes(file), name));
    } catch (ManifestException e) {
      // It was being written when the power went: no file has a name from it.
      return Optional.empty();
    }
  }

  /** The announced manifest, where all its files are there: the next start puts it into force. */
  Optional<Path> announcedAndComplete() throws IOException {
    return announced()
        .filter(
            manifest ->
                !manifest.replayed().isEmpty()
                    && manifest.replayed().stream()
                        .map(ManifestFile::name)
                        .map(folder.appendDir()::resolve)
                        .allMatch(Files::isRegularFile))
        .map(manifest -> announcement());
  }

  /** Whether a file's name comes from an announced manifest, so that nothing depends on it yet. */
  boolean isAnnounced(String name) throws IOException {
    return announced().stream()
        .flatMap(manifest -> manifest.replayed().stream())
        .anyMatch(file -> file.name().equals(name));
  }

  private Path announcement() {
    return folder.appendDir().resolve(folder.names().temporaryManifest());
  }

  private Path staleMark() {
    return folder.appendDir().resolve(folder.appendFilename() + ".stale");
  }
}
