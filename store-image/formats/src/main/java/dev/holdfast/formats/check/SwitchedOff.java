package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder whose AOF is off and that has no RDB file: a server starts empty. That is right for a
 * store that never kept anything, and loses every key of one whose AOF was switched off before a
 * restart.
 */
final class SwitchedOff {
  private final DataFolder folder;
  private final Progress progress;

  SwitchedOff(DataFolder folder, Progress progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Good when there is nothing to lose, or the data was changed after the AOF was switched off, so
   * that its files are nothing that the store still promises; the message says so.
   */
  AofCheck check() throws IOException {
    var missing = "there is no " + folder.dbFilename();
    if (isStale()) {
      return AofCheck.good(
          Verdict.EMPTY,
          missing
              + ", and the AOF in %s is not loaded: it was switched off, and the data was changed after that; the store starts with no key"
                  .formatted(folder.appendDirName()),
          List.of());
    }
    var log = new ArrayList<>(new Leftovers(folder, progress).parts());
    if (Files.isRegularFile(folder.singleFile())) {
      log.add(new FileChecker(folder.singleFile(), FileKind.SINGLE, progress).check());
    }
    return log.stream().allMatch(FileCheck::isBlank)
        ? AofCheck.good(Verdict.EMPTY, missing, List.of())
        : new AofJudgement(folder.dir()).switchedOff(log, missing);
  }

  private boolean isStale() throws IOException {
    var manifest = folder.manifest();
    if (!Files.isRegularFile(manifest)) {
      return false;
    }
    try {
      var name = manifest.getFileName().toString();
      return new FolderNotes(folder).isStale(Manifest.parse(NamedFailure.readAll(manifest), name));
    } catch (ManifestException e) {
      return false;
    }
  }
}
