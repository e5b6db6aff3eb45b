package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofNames;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Data files that no manifest names. A server would ignore or overwrite them.
 *
 * <p>Some are harmless: a rewrite that was stopped leaves an empty incremental file or a base that
 * is not needed; a first start that was stopped leaves files without a key in them.
 */
final class Leftovers {
  private final DataFolder folder;
  private final Progress progress;

  Leftovers(DataFolder folder, Progress progress) {
    this.folder = folder;
    this.progress = progress;
  }

  private record Found(Path path, AofNames.Part part) {}

  /**
   * All base and incremental files there are, checked, in the order in which they would be loaded.
   */
  List<FileCheck> parts() throws IOException {
    var checks = new ArrayList<FileCheck>();
    for (var found : find()) {
      checks.add(check(found));
    }
    return checks;
  }

  /**
   * As {@link #parts}, but nothing when none of them has a key, a command or an unreadable byte.
   */
  List<FileCheck> withData() throws IOException {
    var parts = new ArrayList<FileCheck>();
    var notes = new FolderNotes(folder);
    for (var part : parts()) {
      if (!notes.isAnnounced(part.name())) {
        parts.add(part);
      }
    }
    return parts.stream().allMatch(FileCheck::isBlank) ? List.of() : parts;
  }

  /**
   * Incremental files with commands that are newer than the manifest's newest: a server writes the
   * manifest before the first command goes there, so this manifest is an old one. Ours announces it
   * first; an announced file repeats what is in the others.
   */
  List<FileCheck> newerThan(Manifest manifest) throws IOException {
    long newest = manifest.lastIncr().map(ManifestFile::seq).orElse(0L);
    var notes = new FolderNotes(folder);
    var newer = new ArrayList<FileCheck>();
    for (var found : find()) {
      if (!found.part().base()
          && found.part().seq() > newest
          && !notes.isAnnounced(found.path().getFileName().toString())) {
        var check = check(found);
        if (!check.isBlank()) {
          newer.add(check);
        }
      }
    }
    return newer;
  }

  /** The RDB file of a store whose AOF was off, unless it has no keys. */
  Optional<FileCheck> snapshotWithData() throws IOException {
    var snapshot = folder.snapshot();
    if (!Files.isRegularFile(snapshot)) {
      return Optional.empty();
    }
    var check = new FileChecker(snapshot, FileKind.SNAPSHOT, progress).check();
    return check.isBlank() ? Optional.empty() : Optional.of(check);
  }

  private FileCheck check(Found found) throws IOException {
    var kind = found.part().base() ? FileKind.BASE : FileKind.INCR;
    return new FileChecker(found.path(), kind, progress).check();
  }

  private List<Found> find() throws IOException {
    if (!Files.isDirectory(folder.appendDir())) {
      return List.of();
    }
    var names = folder.names();
    try (var files = Files.list(folder.appendDir())) {
      return files
          .flatMap(
              path ->
                  names
                      .parse(path.getFileName().toString())
                      .map(part -> new Found(path, part))
                      .stream())
          .sorted(
              Comparator.comparing((Found found) -> !found.part().base())
                  .thenComparing(found -> found.part().seq())
                  .thenComparing(Found::path))
          .toList();
    }
  }
}
