package dev.holdfast.formats.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns the checks of single files into one verdict. Pure. */
final class AofJudgement {
  private final Path dir;

  AofJudgement(Path dir) {
    this.dir = dir;
  }

  /** All files are there, in the order in which they are loaded. */
  AofCheck judge(List<FileCheck> files) {
    var judged = new ArrayList<FileCheck>();
    for (int i = 0; i < files.size(); i++) {
      judged.add(inPlace(files.get(i), i == files.size() - 1));
    }
    if (judged.stream().allMatch(file -> file.size() == 0)) {
      return AofCheck.good(Verdict.EMPTY, "all files are empty", judged);
    }
    int worst = -1;
    for (int i = 0; i < judged.size(); i++) {
      var verdict = judged.get(i).verdict();
      if (!verdict.isGood() && (worst < 0 || verdict.compareTo(judged.get(worst).verdict()) > 0)) {
        worst = i;
      }
    }
    return worst < 0
        ? AofCheck.good(Verdict.CLEAN, "", judged)
        : damaged(judged, worst, message(judged.get(worst)));
  }

  AofCheck badManifest(Path manifest, String message, List<FileCheck> parts) {
    return new AofCheck(
        Verdict.BAD_MANIFEST,
        Optional.of(relative(manifest)),
        OptionalLong.empty(),
        bytes(parts),
        entries(parts),
        message,
        parts);
  }

  AofCheck missing(Path file, List<FileCheck> before, long bytesAfter) {
    return new AofCheck(
        Verdict.MISSING_FILE,
        Optional.of(relative(file)),
        OptionalLong.empty(),
        bytesAfter,
        0,
        "the manifest names %s, which does not exist; %d bytes of later files build on it"
            .formatted(file.getFileName(), bytesAfter),
        before);
  }

  AofCheck unclaimed(List<FileCheck> unclaimed, List<FileCheck> claimed) {
    var first = unclaimed.getFirst();
    var files = new ArrayList<>(claimed);
    files.addAll(unclaimed);
    var why =
        first.kind() == FileKind.SNAPSHOT
            ? "the AOF is on and there is none, but %s has %d keys that a server would not load"
                .formatted(first.name(), first.entries())
            : "no manifest names %s%s; a server would ignore or overwrite %d bytes"
                .formatted(
                    first.name(),
                    unclaimed.size() > 1 ? " and " + (unclaimed.size() - 1) + " more" : "",
                    bytes(unclaimed));
    return new AofCheck(
        Verdict.UNCLAIMED_FILES,
        Optional.of(relative(first.path())),
        OptionalLong.empty(),
        bytes(unclaimed),
        entries(unclaimed),
        why,
        files);
  }

  private AofCheck damaged(List<FileCheck> files, int index, String message) {
    var file = files.get(index);
    long bytes = file.bytesAfter();
    long commands = file.commandsAfter();
    for (var later : files.subList(index + 1, files.size())) {
      bytes += later.size();
      commands += later.entries() + later.commandsAfter();
    }
    return new AofCheck(
        file.verdict(),
        Optional.of(relative(file.path())),
        OptionalLong.of(file.okUpTo()),
        bytes,
        commands,
        message,
        files);
  }

  /** Damage at the end of a file is a tail only where nothing comes after it. */
  private static FileCheck inPlace(FileCheck file, boolean last) {
    var verdict = file.verdict();
    if (verdict.isGood() || last && verdict.isTail()) {
      return file;
    }
    boolean base = file.kind() == FileKind.BASE;
    return file.withVerdict(
        base || verdict == Verdict.CORRUPT_BASE ? Verdict.CORRUPT_BASE : Verdict.CORRUPT_MIDDLE);
  }

  private static String message(FileCheck file) {
    if (file.verdict() != Verdict.CORRUPT_MIDDLE) {
      return file.message();
    }
    return "%s; %d commands before the damage, %d bytes with %d good commands from there on"
        .formatted(file.message(), file.entries(), file.bytesAfter(), file.commandsAfter());
  }

  private static long bytes(List<FileCheck> files) {
    return files.stream().mapToLong(FileCheck::size).sum();
  }

  private static long entries(List<FileCheck> files) {
    return files.stream().mapToLong(file -> file.entries() + file.commandsAfter()).sum();
  }

  private String relative(Path path) {
    return dir == null
        ? path.toString()
        : dir.toAbsolutePath().relativize(path.toAbsolutePath()).toString();
  }
}
