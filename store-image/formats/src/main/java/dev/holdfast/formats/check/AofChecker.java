package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.aof.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a whole AOF: the manifest, then each file in the order of loading, streaming and in
 * constant memory. It changes nothing.
 *
 * <p>{@link #checkData} answers the question before a start: can a server be started on this folder
 * without losing anything?
 */
public final class AofChecker {
  private final Progress progress;

  public AofChecker(Progress progress) {
    this.progress = progress;
  }

  /**
   * Checks what a server with these directives would load.
   *
   * @throws IOException when the disk fails; damage is a verdict
   */
  public AofCheck checkData(DataFolder folder) throws IOException {
    if (!folder.appendOnly()) {
      return checkSnapshot(folder);
    }
    var manifest = folder.manifest();
    if (!Files.exists(manifest)) {
      var announced = new FolderNotes(folder).announcedAndComplete();
      return announced.isPresent() ? manifest(announced.get(), folder) : withoutManifest(folder);
    }
    return manifest(manifest, folder);
  }

  /**
   * The verdict about an AOF that hides newer data, in the words of who found that out.
   *
   * @param why in which way it is out of date
   */
  public AofCheck outOfDate(DataFolder folder, String why) throws IOException {
    return new FolderNotes(folder).outOfDate("the AOF is out of date: " + why, progress);
  }

  /** Checks the AOF that a manifest describes; its files lie beside it. */
  public AofCheck checkManifest(Path manifest) throws IOException {
    var dir = manifest.toAbsolutePath().getParent();
    var name = manifest.getFileName().toString();
    var appendFilename = name.endsWith(".manifest") ? name.substring(0, name.length() - 9) : name;
    var folder =
        new DataFolder(
            dir.getParent() == null ? dir : dir.getParent(),
            dir.getFileName() == null ? "" : dir.getFileName().toString(),
            appendFilename,
            "dump.rdb",
            true);
    return manifest(manifest, folder);
  }

  /** Checks one file as a whole AOF: commands, or an RDB file with commands behind it. */
  public AofCheck checkFile(Path file) throws IOException {
    return new AofJudgement(file.toAbsolutePath().getParent())
        .judge(List.of(new FileChecker(file, FileKind.SINGLE, progress).check()));
  }

  /** Checks an RDB file that is loaded because the AOF is off. */
  private AofCheck checkSnapshot(DataFolder folder) throws IOException {
    var snapshot = folder.snapshot();
    if (!Files.exists(snapshot)) {
      return new SwitchedOff(folder, progress).check();
    }
    return new AofJudgement(snapshot.getParent())
        .judge(List.of(new FileChecker(snapshot, FileKind.SNAPSHOT, progress).check()));
  }

  private AofCheck manifest(Path path, DataFolder folder) throws IOException {
    var judgement = new AofJudgement(folder.dir());
    Manifest manifest;
    try {
      manifest = Manifest.parse(NamedFailure.readAll(path), path.getFileName().toString());
    } catch (ManifestException e) {
      return judgement.badManifest(path, e.getMessage(), new Leftovers(folder, progress).parts());
    }
    if (manifest.replayed().isEmpty()) {
      return judgement.badManifest(
          path,
          path.getFileName() + " names no file to load",
          new Leftovers(folder, progress).parts());
    }
    var notes = new FolderNotes(folder);
    if (notes.isStale(manifest)) {
      return notes.stale(progress);
    }
    var files = new ArrayList<FileCheck>();
    long end = -1;
    for (var file : manifest.replayed()) {
      var location = locate(path, folder, manifest, file);
      if (!Files.isRegularFile(location)) {
        return judgement.missing(location, files, sizesAfter(path, manifest, file));
      }
      var kind = file.type() == ManifestFile.Type.BASE ? FileKind.BASE : FileKind.INCR;
      var check = new FileChecker(location, kind, end, progress).check();
      files.add(check);
      end = check.isBlank() ? end : check.log().map(LogRange::end).orElse(-1L);
    }
    var newer = new Leftovers(folder, progress).newerThan(manifest);
    return newer.isEmpty() ? judgement.judge(files) : judgement.unclaimed(newer, files);
  }

  /**
   * A server that was stopped while it took over a single-file AOF has written the manifest and not
   * yet moved the file.
   */
  private static Path locate(
      Path manifestPath, DataFolder folder, Manifest manifest, ManifestFile file) {
    var location = manifestPath.resolveSibling(file.name());
    boolean upgrading =
        manifest.equals(Manifest.upgradeFrom(folder.appendFilename())) && !Files.exists(location);
    return upgrading ? folder.singleFile() : location;
  }

  private static long sizesAfter(Path manifestPath, Manifest manifest, ManifestFile missing)
      throws IOException {
    long bytes = 0;
    boolean after = false;
    for (var file : manifest.replayed()) {
      var path = manifestPath.resolveSibling(file.name());
      if (after && Files.isRegularFile(path)) {
        bytes += Files.size(path);
      }
      after |= file.equals(missing);
    }
    return bytes;
  }

  private AofCheck withoutManifest(DataFolder folder) throws IOException {
    var judgement = new AofJudgement(folder.dir());
    var leftovers = new Leftovers(folder, progress);
    var parts = leftovers.withData();
    if (!parts.isEmpty()) {
      return judgement.unclaimed(parts, List.of());
    }
    var single = folder.singleFile();
    if (Files.isRegularFile(single)) {
      return judgement.judge(List.of(new FileChecker(single, FileKind.SINGLE, progress).check()));
    }
    var snapshot = leftovers.snapshotWithData();
    if (snapshot.isPresent()) {
      return judgement.unclaimed(List.of(snapshot.get()), List.of());
    }
    return AofCheck.good(Verdict.EMPTY, "there is no data in " + folder.dir(), List.of());
  }
}
