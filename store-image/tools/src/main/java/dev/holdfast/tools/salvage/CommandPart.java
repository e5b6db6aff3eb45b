package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Problem;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.RandomRead;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Takes the good commands out of one file.
 *
 * <p>It goes from one good run of commands to the next. Each run is read twice: first to learn how
 * far it counts, then to copy it. A transaction is taken whole or not at all: what stands between a
 * gap and an {@code EXEC} whose {@code MULTI} fell into the gap is left out with it. The lines with
 * which the log checks itself are left out too, because they would not fit any more.
 */
final class CommandPart {
  private static final int WINDOW = 256 * 1024;
  private static final long PROGRESS_STEP = 16 << 20;

  private final FileChannel channel;
  private final String name;
  private final Losses losses;
  private final NewAof.Sink sink;
  private final Progress progress;
  private final long size;
  private long commands;
  private boolean selectKnown;

  CommandPart(FileChannel channel, String name, Losses losses, NewAof.Sink sink, Progress progress)
      throws IOException {
    this.channel = channel;
    this.name = name;
    this.losses = losses;
    this.sink = sink;
    this.progress = progress;
    this.size = channel.size();
    this.selectKnown = !losses.isAny();
  }

  /**
   * How a run of commands ended.
   *
   * @param good offset up to which it counts
   * @param item what ended it
   * @param start offset of the item at which it ended
   * @param end offset behind that item, where it has one
   * @param transaction whether a MULTI was met
   * @param lines whether the log checks itself
   */
  private record Run(
      long good,
      Item item,
      Problem problem,
      long start,
      long end,
      boolean transaction,
      boolean lines) {

    boolean isExecAlone() {
      return item == Item.CORRUPT && problem.found().equals("EXEC");
    }

    boolean isMultiTwice() {
      return item == Item.CORRUPT && problem.found().equals("MULTI");
    }
  }

  /** Takes what is good from {@code start} on; returns how many commands that were. */
  long rescue(long start) throws IOException {
    var run = run(start, source -> new GroupReader(source, AofLimits.CHECK));
    Resumption search = null;
    long at = start;
    boolean proven = true;
    while (run.item() != Item.END) {
      if (search == null) {
        search = new Resumption(RandomRead.of(channel), run.good());
      }
      Resumption.Place next;
      if (!proven && run.isExecAlone() && !run.transaction()) {
        next = new Resumption.Place(run.end(), false, 0);
        skip(at, next.at(), "the end of a transaction whose start is gone");
      } else {
        keep(at, run.good());
        next = next(run, search);
        skip(run.good(), next.at(), run.problem().message());
      }
      at = next.at();
      proven = next.proven();
      if (at == size) {
        return commands;
      }
      int crc = next.crcBefore();
      run =
          proven
              ? run(at, source -> GroupReader.behindLine(source, AofLimits.CHECK, crc))
              : plainRun(at);
    }
    keep(at, run.good());
    return commands;
  }

  private static Resumption.Place next(Run run, Resumption search) throws IOException {
    if (run.problem().zeros()) {
      return search.end();
    }
    if (run.lines()) {
      return search.inLog(run.good());
    }
    if (run.isExecAlone()) {
      return new Resumption.Place(run.end(), false, 0);
    }
    if (run.isMultiTwice()) {
      return new Resumption.Place(run.start(), false, 0);
    }
    return search.inCommands(run.start() + 1);
  }

  private void skip(long from, long to, String reason) {
    losses.skip(name, from, to, reason);
    selectKnown = false;
  }

  private interface Opening {
    GroupReader on(ByteSource source);
  }

  private Run run(long from, Opening opening) throws IOException {
    channel.position(from);
    try (var source = new ByteSource(channel, from, WINDOW)) {
      var groups = opening.on(source);
      var reader = groups.item();
      boolean transaction = false;
      Item item;
      while ((item = groups.next()) == Item.COMMAND || item == Item.ANNOTATION) {
        transaction |= reader.inMulti();
      }
      return new Run(
          groups.lastGoodOffset(),
          item,
          groups.problem(),
          reader.offset(),
          reader.endOffset(),
          transaction,
          groups.hasLines());
    }
  }

  /** Commands as they stand there, without a line that proves them. */
  private Run plainRun(long from) throws IOException {
    channel.position(from);
    try (var source = new ByteSource(channel, from, WINDOW)) {
      var reader = new AofReader(source, AofLimits.CHECK);
      boolean transaction = false;
      Item item;
      while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
        transaction |= reader.inMulti();
      }
      return new Run(
          reader.lastGoodOffset(),
          item,
          reader.problem(),
          reader.offset(),
          reader.endOffset(),
          transaction,
          false);
    }
  }

  /** Copies good commands, all but our lines. */
  void keep(long from, long to) throws IOException {
    channel.position(from);
    long copied = from;
    long nextProgress = from;
    try (var source = new ByteSource(channel, from, WINDOW)) {
      var reader = new AofReader(source, AofLimits.CHECK);
      while (reader.endOffset() < to) {
        if (reader.next() == Item.COMMAND) {
          command(reader);
        } else if (isLineOfOurs(reader)) {
          sink.copy(channel, copied, reader.offset());
          copied = reader.endOffset();
        }
        if (reader.endOffset() >= nextProgress) {
          progress.at(name, reader.endOffset(), size);
          nextProgress = reader.endOffset() + PROGRESS_STEP;
        }
      }
    }
    sink.copy(channel, copied, to);
  }

  private void command(AofReader reader) {
    commands++;
    if (losses.isAny()) {
      selectKnown |=
          reader.argLength(0) == 6 && Raw.equalsIgnoreCase(reader.argAddress(0), 6, "SELECT");
      losses.behindGap(reader, name, selectKnown);
    }
  }

  private static boolean isLineOfOurs(AofReader annotation) {
    int length = annotation.argLength(0);
    if (length < 2) {
      return length == 0;
    }
    int kind = Raw.getByte(annotation.argAddress(0));
    int digit = Raw.getByte(annotation.argAddress(0) + 1);
    return (kind == 'G' || kind == 'D' || kind == 'M') && digit >= '0' && digit <= '9';
  }
}
