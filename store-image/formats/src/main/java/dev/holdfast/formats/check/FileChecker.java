package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Checks one file of an AOF: an RDB preamble if there is one, then commands. The verdict is for the
 * file alone: whether damage at its end is a tail depends on what comes after it, which the caller
 * knows.
 */
final class FileChecker {
  private static final long PROGRESS_STEP = 16 << 20;

  private final Path path;
  private final String name;
  private final FileKind kind;
  private final Progress progress;

  private BaseFormat format = BaseFormat.AOF;
  private long keys;

  FileChecker(Path path, FileKind kind, Progress progress) {
    this.path = path;
    this.name = path.getFileName().toString();
    this.kind = kind;
    this.progress = progress;
  }

  /**
   * Reads the file once, in constant memory.
   *
   * @throws IOException when the disk fails; damage is a verdict
   */
  FileCheck check() throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ);
        var source = new ByteSource(channel)) {
      long size = channel.size();
      if (size == 0) {
        return result(0, 0, 0, 0, 0, 0, Verdict.EMPTY, "");
      }
      boolean snapshot = kind == FileKind.SNAPSHOT;
      format = snapshot ? BaseFormat.RDB : Preamble.detect(source);
      if (format == BaseFormat.RDB) {
        try {
          new RdbReader(source).read(new KeyCounter(source, size));
        } catch (RdbException e) {
          return result(size, e.offset(), 1, keys, 0, 0, Verdict.CORRUPT_BASE, e.getMessage());
        }
      }
      return snapshot
          ? result(size, source.offset(), 1, keys, 0, 0, Verdict.CLEAN, "")
          : commands(channel, source, size);
    }
  }

  private FileCheck commands(FileChannel channel, ByteSource source, long size) throws IOException {
    var reader = new AofReader(source, AofLimits.CHECK);
    long commands = 0;
    long good = 0;
    long nextProgress = source.offset() + PROGRESS_STEP;
    Item item;
    while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
      if (item == Item.COMMAND) {
        commands++;
        good = reader.inMulti() ? good : commands;
      }
      if (reader.endOffset() >= nextProgress) {
        progress.at(name, reader.endOffset(), size);
        nextProgress = reader.endOffset() + PROGRESS_STEP;
      }
    }
    long okUpTo = reader.lastGoodOffset();
    long line = reader.lines() + 1;
    if (item == Item.END) {
      return result(size, okUpTo, line, keys + good, 0, 0, Verdict.CLEAN, "");
    }
    long zeros = FileWindow.trailingZeros(channel, okUpTo);
    var behind =
        reader.problem().zeros()
            ? new Behind(0, false)
            : commandsBehind(channel, reader.offset() + 1, size);
    var verdict = verdict(item, okUpTo, behind, reader.problem().zeros());
    return result(
        size,
        okUpTo,
        line,
        keys + good,
        commands - good + behind.commands(),
        zeros,
        verdict,
        reader.problem().message());
  }

  /**
   * What lies behind damage.
   *
   * @param unknown the search was given up, so that there may be more
   */
  private record Behind(long commands, boolean unknown) {}

  private Verdict verdict(Item item, long okUpTo, Behind behind, boolean zeros) {
    if (behind.commands() > 0 || behind.unknown()) {
      return Verdict.CORRUPT_MIDDLE;
    }
    if (item == Item.TRUNCATED) {
      return Verdict.TRUNCATED_TAIL;
    }
    // A base that is wrong from its first byte on may be an RDB file with a damaged magic: nothing
    // to cut away.
    return okUpTo == 0 && !zeros && kind != FileKind.INCR
        ? Verdict.CORRUPT_BASE
        : Verdict.CORRUPT_TAIL;
  }

  /** Counts the good commands behind damage, resynchronising as often as needed. */
  private Behind commandsBehind(FileChannel channel, long from, long size) throws IOException {
    var resynchronizer = new Resynchronizer(channel);
    long found = 0;
    long at = from;
    while ((at = resynchronizer.next(at)) >= 0) {
      channel.position(at);
      try (var source = new ByteSource(channel, at, 256 * 1024)) {
        var reader = new AofReader(source, AofLimits.CHECK);
        Item item;
        while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
          found += item == Item.COMMAND ? 1 : 0;
        }
        progress.at(name, reader.offset(), size);
        if (item == Item.END || reader.problem().zeros()) {
          return new Behind(found, false);
        }
        at = reader.offset() + 1;
      }
    }
    return new Behind(found, resynchronizer.isExhausted());
  }

  private FileCheck result(
      long size,
      long okUpTo,
      long line,
      long entries,
      long commandsAfter,
      long zeros,
      Verdict verdict,
      String message) {
    return new FileCheck(
        path,
        name,
        kind,
        format,
        size,
        okUpTo,
        line,
        entries,
        commandsAfter,
        zeros,
        verdict,
        message);
  }

  private final class KeyCounter implements RdbVisitor {
    private final ByteSource source;
    private final long size;
    private long nextProgress = PROGRESS_STEP;

    KeyCounter(ByteSource source, long size) {
      this.source = source;
      this.size = size;
    }

    @Override
    public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {
      counted();
    }

    @Override
    public boolean unsupported(long key, int keyLength, RdbEntry entry) {
      return true;
    }

    @Override
    public void skipped(RdbEntry entry) {
      counted();
    }

    @Override
    public boolean keepsValues() {
      return false;
    }

    private void counted() {
      keys++;
      if (source.offset() >= nextProgress) {
        progress.at(name, source.offset(), size);
        nextProgress = source.offset() + PROGRESS_STEP;
      }
    }
  }
}
