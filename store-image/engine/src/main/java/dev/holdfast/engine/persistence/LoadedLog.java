package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.AofFiles;
import dev.holdfast.engine.aof.Resume;
import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.FileIdentity;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.formats.aof.GroupChain;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.LogOffset;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.check.LogDamage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What the files of the log say together, one after the other: whether each begins where the one
 * before ends, where the last one has to be cut, and where the log goes on.
 *
 * <p>Cut is what was never promised: a group without its line, a torn line, zeros, and damage that
 * lies behind everything that a line called durable. Everything else refuses the start.
 */
final class LoadedLog {
  static final String BAD_FORMAT = "Bad file format reading the append only file";
  static final String ADVICE =
      ". Make a backup of your AOF file, then use holdfast-check-aof --fix <filename.manifest>";

  private final Context context;

  /** Logical offset at which the next file begins; -1: unknown. */
  private long offset = -1;

  /** Logical offset that the last RDB file tells; 0 when it tells none. */
  private long snapshot;

  private long effects;
  private Path cutFile;
  private long cutAt;
  private Path lastFile;

  /** The last file holds nothing and says that it begins where it does not. */
  private boolean beginAgain;

  private LogEnd last;

  LoadedLog(Context context) {
    this.context = context;
  }

  /**
   * The commands of a base were read, or those behind its RDB preamble.
   *
   * @param isLast whether nothing is in the files behind it
   */
  void base(Path file, LogEnd end, boolean isLast) throws IOException, LoadException {
    if (end.item() == Item.TRUNCATED || end.zerosFollow()) {
      truncated(file, end, isLast && !end.lines());
    } else if (end.item() == Item.CORRUPT) {
      throw bad(file, end.problem().message());
    }
    if (end.lines()) {
      if (end.offset() != end.start()) {
        throw bad(
            file,
            "expected the mark that ends a base behind offset "
                + end.lineEnd()
                + ", found the end of the file");
      }
      offset = end.start();
    }
  }

  /**
   * An incremental file was read.
   *
   * @param isLast whether nothing is in the files behind it
   */
  void incremental(Path file, LogEnd end, boolean isLast) throws IOException, LoadException {
    // A rotation that failed leaves a file that was only begun, and the one before goes on.
    boolean onlyBegun = end.effects() == 0 && end.start() >= 0 && end.start() <= offset;
    if (end.start() >= 0 && offset >= 0 && end.start() != offset && !onlyBegun) {
      throw new LoadException(
          "%s begins at offset %d of the log, but what is before it ends at %d: %s%s"
              .formatted(
                  file,
                  end.start(),
                  offset,
                  end.start() > offset
                      ? (end.start() - offset) + " bytes of commands are missing"
                      : "it does not belong behind it",
                  ADVICE));
    }
    switch (end.item()) {
      case END -> {}
      case TRUNCATED -> truncated(file, end, isLast);
      case CORRUPT -> {
        if (end.zerosFollow()) {
          truncated(file, end, isLast || end.problem().offset() == end.good());
        } else {
          damaged(file, end, isLast);
        }
      }
      default -> throw new IllegalStateException("not an end: " + end.item());
    }
    last = end;
    lastFile = file;
    beginAgain = onlyBegun && end.start() < offset;
    if (beginAgain) {
      return;
    }
    offset = end.offset() >= 0 ? end.offset() : offset < 0 ? -1 : offset + end.effects();
    effects += end.effects();
  }

  private static LoadException bad(Path file, String problem) {
    return new LoadException("%s %s: %s%s".formatted(BAD_FORMAT, file, problem, ADVICE));
  }

  private void truncated(Path file, LogEnd end, boolean mayCut) throws IOException, LoadException {
    if (!mayCut) {
      throw new LoadException(
          "Fatal error: the truncated file is not the last file: %s, %s%s"
              .formatted(file, end.problem().message(), ADVICE));
    }
    if (!context.settings().loadTruncated) {
      throw new LoadException(
          "Unexpected end of file reading the append only file %s: %s%s. Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server"
              .formatted(file, end.problem().message(), ADVICE));
    }
    // A flipped length that reaches beyond the end looks like a short read.
    if (end.lines() && !end.problem().zeros() && !isUnpromised(file, end)) {
      throw bad(file, end.problem().message());
    }
    context
        .events()
        .warning("!!! Warning: short read while loading the AOF file %s!!!".formatted(file));
    cut(file, end);
  }

  private void damaged(Path file, LogEnd end, boolean isLast) throws IOException, LoadException {
    if (!isLast || !context.settings().loadTruncated || !isUnpromised(file, end)) {
      throw bad(file, end.problem().message());
    }
    context
        .events()
        .warning(
            "The end of %s is damaged, but nothing in it was promised: %s"
                .formatted(file, end.problem().message()));
    new Quarantine(context).keep(file, end.good());
    cut(file, end);
  }

  private boolean isUnpromised(Path file, LogEnd end) throws IOException {
    if (end.lastMark() == null) {
      return false;
    }
    try (var bytes = context.storage().openForRead(file)) {
      var lost = LogDamage.behind(new RandomFile(bytes), end.before());
      return lost.promised(end.good(), end.offset(), end.durable(), bytes.size()) == 0;
    }
  }

  private void cut(Path file, LogEnd end) {
    cutFile = file;
    cutAt = end.good();
    context
        .events()
        .warning(
            "AOF loaded anyway because aof-load-truncated is enabled: what comes after offset %d is cut off: %s"
                .formatted(cutAt, end.problem().message()));
  }

  /** Cuts what does not count, and begins the last file again when it holds nothing. */
  void cut() throws IOException {
    if (cutFile != null) {
      cut(cutFile, cutAt);
    }
    if (beginAgain) {
      cut(lastFile, 0);
      last = null;
    }
  }

  private void cut(Path path, long size) throws IOException {
    try (var file = context.storage().openForAppend(path)) {
      file.truncate(size);
      file.sync();
    }
  }

  /**
   * An RDB file was read.
   *
   * @param logOffset at which it was taken; -1 when it does not say so
   */
  void snapshot(long logOffset) {
    snapshot = Math.max(0, logOffset);
  }

  /** Logical offset at the end of everything. */
  long offset() {
    return offset >= 0 ? offset : snapshot + effects;
  }

  /** Logical offset where a start goes on that has loaded no files of the AOF, but knows them. */
  long offsetWithout(AofFiles files, Manifest manifest) throws IOException {
    var last = manifest.lastIncr().map(file -> files.file(file.name()));
    if (last.isEmpty() || !context.storage().exists(last.get())) {
      return snapshot;
    }
    try (var bytes = context.storage().openForRead(last.get())) {
      return Math.max(snapshot, LogOffset.atEnd(new RandomFile(bytes)));
    }
  }

  /** Where the log goes on in the last file, which is as it was read, or was cut. */
  Resume resume(Path file) throws IOException {
    boolean wanted = context.settings().aofChecksum;
    if (last == null || !file.equals(lastFile) || last.good() == 0) {
      return new Resume(
          offset(), wanted ? new GroupChain() : null, FileIdentity.of(context.clock()), -1);
    }
    if (!last.lines() && !wanted) {
      return new Resume(offset(), null, 0, -1);
    }
    long identity =
        last.lastMark() == null ? FileIdentity.of(context.clock()) : last.lastMark().file();
    return new Resume(offset(), chain(), identity, last.durable());
  }

  private GroupChain chain() throws IOException {
    long open = last.good() - last.lineEnd();
    if (open == 0) {
      return GroupChain.after(last.crc());
    }
    try (var input = new FileInput(context.storage().openForRead(lastFile), last.lineEnd())) {
      return GroupChain.after(last.crc(), input, open);
    }
  }
}
