package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

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
  private final long endOfFileBefore;
  private final Progress progress;

  private BaseFormat format = BaseFormat.AOF;
  private long keys;

  FileChecker(Path path, FileKind kind, Progress progress) {
    this(path, kind, -1, progress);
  }

  /**
   * @param endOfFileBefore logical offset at which the file ends that is loaded before this one,
   *     and up to which it is durable, because it was synced before this one was named; -1 when
   *     that is not known
   */
  FileChecker(Path path, FileKind kind, long endOfFileBefore, Progress progress) {
    this.path = path;
    this.name = path.getFileName().toString();
    this.kind = kind;
    this.endOfFileBefore = endOfFileBefore;
    this.progress = progress;
  }

  /**
   * Reads the file once, in constant memory.
   *
   * @throws IOException when the disk fails, naming the file; damage is a verdict
   */
  FileCheck check() throws IOException {
    try {
      return read();
    } catch (IOException e) {
      throw NamedFailure.of(path, e);
    }
  }

  private FileCheck read() throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ);
        var source = new ByteSource(channel)) {
      long size = channel.size();
      if (size == 0) {
        return withoutCommands(0, 0, Verdict.EMPTY, "");
      }
      boolean snapshot = kind == FileKind.SNAPSHOT;
      format = snapshot ? BaseFormat.RDB : Preamble.detect(source);
      if (format == BaseFormat.RDB) {
        try {
          new RdbReader(source).read(new KeyCounter(source, size));
        } catch (RdbException e) {
          return withoutCommands(size, e.offset(), Verdict.CORRUPT_BASE, e.getMessage());
        }
      }
      return snapshot
          ? withoutCommands(size, source.offset(), Verdict.CLEAN, "")
          : commands(channel, source, size);
    }
  }

  private FileCheck commands(FileChannel channel, ByteSource source, long size) throws IOException {
    var reader = new GroupReader(source, AofLimits.CHECK);
    long start = source.offset();
    long nextProgress = start + PROGRESS_STEP;
    Item item;
    while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
      if (reader.item().endOffset() >= nextProgress) {
        progress.at(name, reader.item().endOffset(), size);
        nextProgress = reader.item().endOffset() + PROGRESS_STEP;
      }
    }
    var read = new Read(reader, item, RandomRead.of(channel), size, start);
    if (item == Item.END) {
      return good(read);
    }
    var groups =
        read.zeros()
            ? LogDamage.NOTHING
            : LogDamage.groupsBehind(read.file(), LogDamage.Before.of(reader));
    return reader.hasLines() || groups.groups() ? damagedLog(read, groups) : damaged(read);
  }

  /** One pass over the commands, and how it ended. */
  private record Read(GroupReader reader, Item end, RandomRead file, long size, long start) {
    long okUpTo() {
      return reader.lastGoodOffset();
    }

    long line() {
      return reader.item().lines() + 1;
    }

    boolean zeros() {
      return reader.problem().zeros();
    }

    long trailingZeros() throws IOException {
      return FileWindow.trailingZeros(file, okUpTo());
    }

    Optional<LogRange> log() {
      return reader.hasLines()
          ? Optional.of(new LogRange(reader.startOffset(), reader.offset(), reader.durable()))
          : Optional.empty();
    }
  }

  private FileCheck good(Read read) {
    return new FileCheck(
        path,
        name,
        kind,
        format,
        read.size(),
        read.okUpTo(),
        read.line(),
        keys + read.reader().commands(),
        0,
        0,
        0,
        Verdict.CLEAN,
        "",
        read.log());
  }

  /** A file without lines: all that is known is what stands in it. */
  private FileCheck damaged(Read read) throws IOException {
    var behind =
        read.zeros()
            ? Behind.NOTHING
            : commandsBehind(read.file(), read.reader().item().offset() + 1);
    long zeros = read.trailingZeros();
    boolean tornMark = read.reader().commandsRead() == 0 && startsWithMark(read);
    long promised = tornMark ? 0 : read.size() - read.okUpTo() - zeros;
    return damage(read, behind.commands(), zeros, promised, verdict(read, behind));
  }

  private static boolean startsWithMark(Read read) throws IOException {
    var window = new FileWindow(read.file());
    return window.at(read.start()) == '#' && window.at(read.start() + 1) == 'M';
  }

  private Verdict verdict(Read read, Behind behind) {
    if (behind.commands() > 0 || behind.unknown()) {
      return Verdict.CORRUPT_MIDDLE;
    }
    if (read.end() == Item.TRUNCATED) {
      return Verdict.TRUNCATED_TAIL;
    }
    // A base that is wrong from its first byte on may be an RDB file with a damaged magic: nothing
    // to cut away.
    return read.okUpTo() == 0 && !read.zeros() && kind != FileKind.INCR
        ? Verdict.CORRUPT_BASE
        : Verdict.CORRUPT_TAIL;
  }

  /** A log with lines: what its marks promised decides. */
  private FileCheck damagedLog(Read read, LogDamage groups) throws IOException {
    var reader = read.reader();
    var behind = read.zeros() ? groups : groups.withStock(read.file());
    long zeros = read.trailingZeros();
    long bytes = read.size() - read.okUpTo() - zeros;
    long offset = reader.offset();
    if (offset < 0 && endOfFileBefore >= 0) {
      offset = endOfFileBefore + reader.effects();
    }
    long durable = Math.max(reader.durable(), endOfFileBefore);
    boolean unfinished = read.end() == Item.TRUNCATED && behind.isSilent();
    long promised =
        reader.stockTail()
            ? bytes
            : unfinished ? 0 : behind.promised(read.okUpTo(), offset, durable, bytes);
    boolean followed = behind.groups() || behind.stock() || behind.unknown();
    var verdict =
        followed && promised > 0
            ? Verdict.CORRUPT_MIDDLE
            : unfinished ? Verdict.TRUNCATED_TAIL : Verdict.CORRUPT_TAIL;
    return damage(read, behind.commands(), zeros, promised, verdict);
  }

  private FileCheck damage(
      Read read, long commandsBehind, long zeros, long promised, Verdict verdict) {
    var reader = read.reader();
    return new FileCheck(
        path,
        name,
        kind,
        format,
        read.size(),
        read.okUpTo(),
        read.line(),
        keys + reader.commands(),
        reader.commandsRead() - reader.commands() + commandsBehind,
        zeros,
        promised,
        verdict,
        reader.problem().message(),
        read.log());
  }

  /**
   * What lies behind damage.
   *
   * @param unknown the search was given up, so that there may be more
   */
  private record Behind(long commands, boolean unknown) {
    static final Behind NOTHING = new Behind(0, false);
  }

  /** Counts the good commands behind damage, resynchronising as often as needed. */
  private Behind commandsBehind(RandomRead file, long from) throws IOException {
    var resynchronizer = new Resynchronizer(file);
    long found = 0;
    long at = from;
    while ((at = resynchronizer.next(at)) >= 0) {
      try (var source = new ByteSource(file.from(at), at, 256 * 1024)) {
        var reader = new AofReader(source, AofLimits.CHECK);
        Item item;
        while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
          found += item == Item.COMMAND ? 1 : 0;
        }
        progress.at(name, reader.offset(), file.size());
        if (item == Item.END || reader.problem().zeros()) {
          return new Behind(found, false);
        }
        at = reader.offset() + 1;
      }
    }
    return new Behind(found, resynchronizer.isExhausted());
  }

  /** A file in which no commands were read. */
  private FileCheck withoutCommands(long size, long okUpTo, Verdict verdict, String message) {
    return new FileCheck(
        path,
        name,
        kind,
        format,
        size,
        okUpTo,
        size == 0 ? 0 : 1,
        keys,
        0,
        0,
        verdict.isGood() ? 0 : size - okUpTo,
        verdict,
        message,
        Optional.empty());
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
