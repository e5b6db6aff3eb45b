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
      var behind = files.subList(i + 1, files.size());
      boolean last =
          files.get(i).kind() == FileKind.BASE
              ? behind.isEmpty()
              : behind.stream().allMatch(FileCheck::isBlank);
      judged.add(inPlace(files.get(i), last));
    }
    continuity(judged);
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
    if (worst < 0) {
      return AofCheck.good(Verdict.CLEAN, "", judged);
    }
    return judged.get(worst).verdict().isTail() ? tails(judged) : damaged(judged, worst);
  }

  /** What one file's marks say about its end has to be what the next one's say about its start. */
  private static void continuity(List<FileCheck> files) {
    long end = -1;
    var before = "";
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      long start = file.log().map(LogRange::start).orElse(-1L);
      if (file.isBlank() && start <= end) {
        // Only begun: a rotation failed, and the file before went on.
        continue;
      }
      if (end >= 0 && start >= 0 && start != end && readable(file)) {
        var what = end < start ? "are missing before it" : "are in it again";
        files.set(
            i,
            file.notFollowing(
                "expected a file that begins at logical offset %d, where %s ends, found %d: %d bytes of effects %s"
                    .formatted(end, before, start, Math.abs(start - end), what)));
        return;
      }
      before = file.name();
      end = readable(file) ? file.log().map(LogRange::end).orElse(-1L) : -1;
    }
  }

  private static boolean readable(FileCheck file) {
    return file.verdict().isGood() || file.verdict().isTail();
  }

  AofCheck badManifest(Path manifest, String message, List<FileCheck> parts) {
    return new AofCheck(
        Verdict.BAD_MANIFEST,
        Optional.of(relative(manifest)),
        OptionalLong.empty(),
        bytes(parts),
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
        bytes(unclaimed),
        entries(unclaimed),
        why,
        files);
  }

  /** The AOF is off, so that a server would pass over its files and start empty. */
  AofCheck switchedOff(List<FileCheck> files, String missing) {
    var first = files.stream().filter(file -> !file.isBlank()).findFirst().orElseThrow();
    return new AofCheck(
        Verdict.UNCLAIMED_FILES,
        Optional.of(relative(first.path())),
        OptionalLong.empty(),
        bytes(files),
        bytes(files),
        entries(files),
        "the AOF is off and %s, but the files of an AOF hold data: a server would start with no key and pass over %d commands"
            .formatted(missing, entries(files)),
        files);
  }

  /** The last file has a tail to cut, or files were filled ahead with zeros. */
  private AofCheck tails(List<FileCheck> files) {
    var bad = files.stream().filter(file -> !file.verdict().isGood()).toList();
    var file = bad.getLast();
    return new AofCheck(
        file.verdict(),
        Optional.of(relative(file.path())),
        OptionalLong.of(file.okUpTo()),
        file.bytesAfter(),
        file.promisedBytes(),
        file.commandsAfter(),
        message(file),
        files);
  }

  private AofCheck damaged(List<FileCheck> files, int index) {
    var file = files.get(index);
    long bytes = file.bytesAfter();
    long promised = file.promisedBytes();
    long commands = file.commandsAfter();
    for (var later : files.subList(index + 1, files.size())) {
      bytes += later.size();
      promised += later.size();
      commands += later.entries() + later.commandsAfter();
    }
    return new AofCheck(
        file.verdict(),
        Optional.of(relative(file.path())),
        OptionalLong.of(file.okUpTo()),
        bytes,
        promised,
        commands,
        message(file),
        files);
  }

  /**
   * Damage at the end of a file is a tail only where nothing comes after it, for a file is synced
   * before the next one is named; zeros that it was filled ahead with are none.
   */
  private static FileCheck inPlace(FileCheck file, boolean last) {
    var verdict = file.verdict();
    boolean base = file.kind() == FileKind.BASE;
    if (base && verdict.isGood() && file.log().isPresent()) {
      return file.log().get().isBase() ? file : file.unfinishedBase();
    }
    if (verdict.isGood() || last && verdict.isTail() || file.isPadded() && !base) {
      return file;
    }
    var worse =
        base || verdict == Verdict.CORRUPT_BASE ? Verdict.CORRUPT_BASE : Verdict.CORRUPT_MIDDLE;
    return last ? file.withVerdict(worse) : file.withVerdict(worse).allPromised();
  }

  private static String message(FileCheck file) {
    if (file.verdict() == Verdict.CORRUPT_MIDDLE) {
      return "%s; %d commands before the damage, %d bytes with %d good commands from there on"
          .formatted(file.message(), file.entries(), file.bytesAfter(), file.commandsAfter());
    }
    if (file.log().isPresent() && file.verdict().isTail() && file.bytesAfter() > 0) {
      return file.promisedBytes() == 0
          ? file.message()
              + "; no line calls any of it durable, but under appendfsync always the last group of"
              + " it may have been acknowledged"
          : "%s; %d bytes of it had been called durable"
              .formatted(file.message(), file.promisedBytes());
    }
    return file.message();
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
