package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Reads an AOF in RESP form as {@link AofReader} does, and verifies the lines with which the log
 * checks itself; {@code docs/log-format.md}, "Reading".
 *
 * <p>{@link #next} gives items as they stand in the file, before the line behind them is seen. What
 * counts ends at {@link #lastGoodOffset}, which moves with each line that is right; in a file
 * without lines, and behind a bare {@code SELECT} of a stock server, with each complete command. So
 * a loader lets one reader go ahead with {@link AofLimits#CHECK}, in constant memory however large
 * a group is, and executes with an {@link AofReader} of its own what ends at or before that offset.
 *
 * <table>
 *   <caption>How it ends</caption>
 *   <tr><td>{@link Item#END}</td><td>everything counts</td></tr>
 *   <tr><td>{@link Item#TRUNCATED}</td><td>a command, a transaction, a line or a group is not complete: cut at {@link #lastGoodOffset}. {@link Problem#zeros} when
 *   zeros follow that the file was filled ahead with</td></tr>
 *   <tr><td>{@link Item#CORRUPT}</td><td>with {@link Problem#zeros}: the rest of the file is zeros, in a file without lines perhaps from the middle of a command on: cut at {@link
 *   #lastGoodOffset}. Otherwise damage, which begins there or later</td></tr>
 * </table>
 *
 * <p>One thread at a time. Nothing is allocated per item, and one object per mark.
 */
public final class GroupReader {
  private final ByteSource source;
  private final AofReader reader;
  private final CRC32C crc = new CRC32C();
  private final LogLine line = new LogLine();

  private long lineEnd;
  private int lineCrc;
  private boolean lines;
  private boolean bareSelect;
  private boolean foreign;

  private Mark firstMark;
  private Mark lastMark;
  private long durable = -1;
  private long durableTo = -1;
  private long effectsAtDurable;
  private long effects;
  private long effectsGood;
  private long effectsAtLine;
  private long commandsRead;
  private long commandsGood;
  private long commandsAtLine;
  private long effectsAtFirstMark;
  private long effectsAtLastMark;
  private long wrongCrcEnd = -1;
  private int wrongCrc;

  private Item ended;
  private Problem problem;

  /**
   * Reads from the start of a file, or from behind its RDB preamble: where the source stands the
   * first group begins.
   */
  public GroupReader(ByteSource source, AofLimits limits) {
    this(source, limits, 0, false);
  }

  /** Reads on where a line with this CRC ends: the next group begins where the source stands. */
  public static GroupReader behindLine(ByteSource source, AofLimits limits, int crcOfLine) {
    return new GroupReader(source, limits, crcOfLine, true);
  }

  private GroupReader(ByteSource source, AofLimits limits, int crcOfLine, boolean lines) {
    this.source = source;
    this.reader = new AofReader(source, limits);
    this.lines = lines;
    this.lineEnd = source.offset();
    this.lineCrc = crcOfLine;
    GroupChain.seed(crc, crcOfLine);
    source.tap(crc);
  }

  /** The next item. After anything but a command or an annotation it returns the same again. */
  public Item next() throws IOException {
    if (ended != null) {
      return ended;
    }
    var item = reader.next();
    return switch (item) {
      case COMMAND -> command();
      case ANNOTATION -> annotation();
      case END, TRUNCATED, CORRUPT -> end(item);
    };
  }

  /** The present item: its arguments, offsets and lines. Not to be stepped. */
  public AofReader item() {
    return reader;
  }

  /**
   * Up to where the file counts, never inside a transaction, and behind a line of ours where it has
   * lines: the place to cut at. It only grows, unless a line turns out to be wrong that covers what
   * a stock server wrote.
   */
  public long lastGoodOffset() {
    return counts() ? Math.max(lineEnd, reader.lastGoodOffset()) : lineEnd;
  }

  /** What is wrong after {@link Item#TRUNCATED} or {@link Item#CORRUPT}; null before. */
  public Problem problem() {
    return problem;
  }

  /** Whether the file has a line of ours, so that all but a stock server's bytes are verified. */
  public boolean hasLines() {
    return lines;
  }

  /** End of the last line that was right; where the source stood when there is none. */
  public long lineEnd() {
    return lineEnd;
  }

  /** CRC of the last line that was right, for {@link GroupChain#after}; 0 when there is none. */
  public int crc() {
    return lineCrc;
  }

  /** The last mark that was right; null when there is none. */
  public Mark lastMark() {
    return lastMark;
  }

  /**
   * Whether a stock server's commands follow the last line, so that the last commands count without
   * one.
   */
  public boolean stockTail() {
    return foreign;
  }

  /** Commands up to {@link #lastGoodOffset}. */
  public long commands() {
    return counts() ? commandsGood : commandsAtLine;
  }

  /** Commands up to the present item, whether they count or not. */
  public long commandsRead() {
    return commandsRead;
  }

  /** Bytes of effects up to {@link #lastGoodOffset}, annotations not counted. */
  public long effects() {
    return counts() ? effectsGood : effectsAtLine;
  }

  /** Logical offset at {@link #lastGoodOffset}; -1 when no mark has told it. */
  public long offset() {
    return lastMark == null ? -1 : lastMark.offset() + effects() - effectsAtLastMark;
  }

  /**
   * Logical offset at which the file begins, which is the one at which the file before it ends; -1
   * when no mark has told it.
   */
  public long startOffset() {
    return firstMark == null ? -1 : firstMark.offset() - effectsAtFirstMark;
  }

  /** Largest logical offset that a line called durable; -1 when no mark was read. */
  public long durable() {
    if (lastMark == null || durableTo < 0) {
      return durable;
    }
    return Math.max(durable, lastMark.offset() + effectsAtDurable - effectsAtLastMark);
  }

  /**
   * Offset in the file up to which a group line called everything durable, which needs no mark to
   * be known; -1 when none did.
   */
  public long durableTo() {
    return durableTo;
  }

  /**
   * Where the last line ends whose CRC is not that of its group, although everything else about it
   * is right; -1 when that is not the problem. The line behind goes on with {@link #wrongCrc} when
   * the damage is in the CRC itself.
   */
  public long wrongCrcEnd() {
    return wrongCrcEnd;
  }

  /** The CRC that the bytes before {@link #wrongCrcEnd} give. */
  public int wrongCrc() {
    return wrongCrc;
  }

  private boolean counts() {
    return !lines || foreign;
  }

  private Item command() {
    effects += reader.endOffset() - reader.offset();
    commandsRead++;
    bareSelect |= reader.bareSelect();
    if (!reader.inMulti()) {
      effectsGood = effects;
      commandsGood = commandsRead;
      foreign = bareSelect;
    }
    return Item.COMMAND;
  }

  private Item annotation() {
    long text = reader.argAddress(0);
    int length = reader.argLength(0);
    if (lines && hasZero(text, length)) {
      return wrong(reader.offset(), "the text of an annotation", "zero bytes in it");
    }
    if (!LogLine.isMeant(text, length)) {
      return Item.ANNOTATION;
    }
    if (!line.parse(text, length)) {
      if (LogLine.covered(length) > 0) {
        wrongCrc(length);
      }
      return wrong(reader.offset(), "a group line or a mark", "another line");
    }
    if (reader.inMulti()) {
      return wrong(reader.offset(), "EXEC before the line that closes the group", "the line");
    }
    long groupLength = reader.offset() - lineEnd;
    if (line.length() != groupLength) {
      return wrong(
          lineEnd,
          "a group of " + line.length() + " bytes",
          groupLength + " bytes up to its line at offset " + reader.offset());
    }
    int value = crc(length);
    if (value != line.crc()) {
      wrongCrc(length);
      return wrong(
          lineEnd,
          "a group of %d bytes with CRC %08x".formatted(groupLength, line.crc()),
          "%08x".formatted(value));
    }
    verified();
    return Item.ANNOTATION;
  }

  /**
   * A page that never came may take the end of one annotation and the begin of another away, and so
   * make a {@code SELECT} of ours look bare.
   */
  private static boolean hasZero(long text, int length) {
    for (int i = 0; i < length; i++) {
      if (Raw.getByte(text + i) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Of the group and the line behind it, whose text has this length. */
  private int crc(int textLength) {
    source.settleTap(LogLine.covered(textLength));
    return (int) crc.getValue();
  }

  private void wrongCrc(int textLength) {
    wrongCrc = crc(textLength);
    wrongCrcEnd = reader.endOffset();
  }

  private void verified() {
    lines = true;
    if (line.behindDurable()) {
      durableTo = lineEnd;
      effectsAtDurable = effectsAtLine;
    }
    lineEnd = reader.endOffset();
    lineCrc = line.crc();
    bareSelect = false;
    foreign = false;
    effectsAtLine = effects;
    commandsAtLine = commandsRead;
    source.moveTap((int) (reader.endOffset() - reader.offset()));
    GroupChain.seed(crc, lineCrc);
    if (line.mark() != null) {
      lastMark = line.mark();
      effectsAtLastMark = effects;
      durable = Math.max(durable, lastMark.durable());
      if (firstMark == null) {
        firstMark = lastMark;
        effectsAtFirstMark = effects;
      }
    }
  }

  private Item wrong(long at, String expected, String found) {
    lines = true;
    foreign = false;
    problem = new Problem(false, at, expected, found);
    ended = Item.CORRUPT;
    return ended;
  }

  private Item end(Item item) {
    problem = reader.problem();
    ended = item;
    boolean unread = item == Item.END || item == Item.CORRUPT && problem.zeros();
    long upTo = item == Item.END ? reader.endOffset() : problem == null ? 0 : problem.offset();
    if (unread && !counts() && upTo > lineEnd) {
      problem =
          new Problem(
              item == Item.CORRUPT,
              upTo,
              "the line that closes the group of offset " + lineEnd,
              item == Item.CORRUPT ? "zero bytes up to the end" : "the end of the file");
      ended = Item.TRUNCATED;
    }
    return ended;
  }
}
