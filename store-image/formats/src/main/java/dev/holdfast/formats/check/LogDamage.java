package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.LineSearch;
import dev.holdfast.formats.aof.Mark;
import dev.holdfast.formats.aof.MarkSearch;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;

/**
 * What lies behind damage in a log that has lines, and whether the damage took bytes that had been
 * promised; {@code docs/log-format.md}, "Reading".
 *
 * <p>A power cut may leave any subset of the pages that were not synced, so that good groups behind
 * damage prove nothing by being there. What they say about durability does: they were written by a
 * server that knew.
 *
 * @param groups whether groups that prove themselves were found
 * @param groupsEnd where the last of them ends; where the damage begins when there is none
 * @param commands complete ones in such groups, and a stock server's
 * @param durable largest logical offset that a line behind the damage calls durable; -1 when none
 *     does, or no mark gives its offset
 * @param durableTo offset in the file up to which a group line behind the damage calls everything
 *     durable whose logical offset no mark gives; -1 when there is none
 * @param stock whether a stock server went on behind the damage: nothing is known about what it
 *     promised
 * @param unknown whether the search was given up before the end of the file
 */
public record LogDamage(
    boolean groups,
    long groupsEnd,
    long commands,
    long durable,
    long durableTo,
    boolean stock,
    boolean unknown) {
  private static final int WINDOW = 256 * 1024;
  private static final String EMPTY_ANNOTATION = "#\r\n";

  /** Behind a file whose rest is zeros. */
  public static final LogDamage NOTHING = new LogDamage(false, 0, 0, -1, -1, false, false);

  /**
   * How far a log is good.
   *
   * @param good up to where the file counts, {@link GroupReader#lastGoodOffset}
   * @param lastMark the file's last mark before the damage, so that groups of another file are not
   *     taken for its own: blocks of a deleted file may come back after a power cut. Null when
   *     there is none
   * @param wrongCrcEnd {@link GroupReader#wrongCrcEnd}
   * @param wrongCrc {@link GroupReader#wrongCrc}
   */
  public record Before(long good, Mark lastMark, long wrongCrcEnd, int wrongCrc) {
    /** Of a reader that has met the damage. */
    public static Before of(GroupReader reader) {
      return new Before(
          reader.lastGoodOffset(), reader.lastMark(), reader.wrongCrcEnd(), reader.wrongCrc());
    }
  }

  /**
   * Looks through a file from damage on.
   *
   * @throws IOException when the disk fails
   */
  public static LogDamage behind(RandomRead file, Before before) throws IOException {
    return groupsBehind(file, before).withStock(file);
  }

  /** As {@link #behind}, without a look for a stock server's commands where no group is. */
  static LogDamage groupsBehind(RandomRead file, Before before) throws IOException {
    return new Looking(file, before).groups();
  }

  private static final class Looking {
    private final RandomRead file;
    private final Before before;
    private boolean groups;
    private long commands;
    private long durable = -1;
    private long durableTo = -1;
    private long end;
    private boolean stock;
    private boolean finished;

    Looking(RandomRead file, Before before) {
      this.file = file;
      this.before = before;
      this.end = before.good();
    }

    LogDamage groups() throws IOException {
      if (before.lastMark() != null) {
        durable = new MarkSearch(file, before.lastMark().file()).durableFrom(before.good());
      }
      long at = before.good();
      if (before.wrongCrcEnd() >= 0) {
        at = Math.max(at, run(before.wrongCrcEnd(), before.wrongCrc()));
      }
      var search = new LineSearch(file, before.good());
      while (!finished && search.next(at)) {
        at = Math.max(run(search.groupStart(), search.crcBefore()), search.lineStart() + 1);
      }
      boolean unknown = !finished && search.isExhausted();
      return new LogDamage(groups, end, commands, durable, durableTo, stock, unknown);
    }

    /** Reads on from a group behind a line with this CRC; where what is good there ends. */
    private long run(long from, int crcBefore) throws IOException {
      try (var source = new ByteSource(file.from(from), from, WINDOW)) {
        var reader = GroupReader.behindLine(source, AofLimits.CHECK, crcBefore);
        Item item;
        do {
          item = reader.next();
        } while (item == Item.COMMAND || item == Item.ANNOTATION);
        if (reader.lineEnd() > from && !isOfAnotherFile(reader.lastMark())) {
          groups = true;
          end = reader.lastGoodOffset();
          commands += reader.commands();
          if (reader.lastMark() == null) {
            durableTo = Math.max(durableTo, reader.durableTo());
          }
          durable = Math.max(durable, reader.durable());
          stock = reader.stockTail();
          finished = stock || item != Item.CORRUPT || reader.problem().zeros();
        }
        return reader.lastGoodOffset();
      }
    }

    private boolean isOfAnotherFile(Mark found) {
      return found != null && before.lastMark() != null && found.file() != before.lastMark().file();
    }
  }

  /**
   * How many bytes of effects had been promised and are gone; where no mark gives the offset, with
   * the lines between them.
   *
   * @param good up to where the file counts
   * @param offset logical offset there; -1 when it is not known
   * @param durableBefore largest logical offset that was called durable before the damage; -1 when
   *     none was
   * @param bytes what is lost at most, which is the answer where nothing is known
   */
  public long promised(long good, long offset, long durableBefore, long bytes) {
    if (stock || unknown || offset < 0) {
      return bytes;
    }
    long known = Math.max(durable, durableBefore) - offset;
    return Math.clamp(Math.max(known, durableTo - good), 0, bytes);
  }

  /** Whether nothing there says anything about what was promised. */
  boolean isSilent() {
    return !groups && !stock && durable < 0;
  }

  /** The same, and the commands behind a bare {@code SELECT}. */
  LogDamage withStock(RandomRead file) throws IOException {
    if (stock || unknown) {
      return this;
    }
    var resynchronizer = new Resynchronizer(file);
    var window = new FileWindow(file);
    long more = 0;
    boolean bareSelect = false;
    long at = groupsEnd;
    while ((at = resynchronizer.next(at)) >= 0) {
      try (var source = new ByteSource(file.from(at), at, WINDOW)) {
        var reader = new AofReader(source, AofLimits.CHECK);
        long annotation = -1;
        Item item;
        while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
          annotation = item == Item.ANNOTATION ? reader.offset() : -1;
          bareSelect |=
              item == Item.COMMAND
                  && reader.bareSelect()
                  && !isBehindEmptyAnnotation(window, reader.offset());
          more += bareSelect && item == Item.COMMAND ? 1 : 0;
        }
        if (item == Item.END || reader.problem().zeros()) {
          break;
        }
        // Half a line of ours takes the start of the command behind it with it.
        at = (annotation < 0 ? reader.offset() : annotation) + 1;
      }
    }
    return new LogDamage(
        groups,
        groupsEnd,
        commands + more,
        durable,
        durableTo,
        bareSelect,
        at < 0 && resynchronizer.isExhausted());
  }

  /** A byte of it may be a zero: the end of a page that a power cut took. */
  private static boolean isBehindEmptyAnnotation(FileWindow window, long at) throws IOException {
    for (int i = 0; i < EMPTY_ANNOTATION.length(); i++) {
      int found = window.at(at - EMPTY_ANNOTATION.length() + i);
      if (found != EMPTY_ANNOTATION.charAt(i) && found != 0) {
        return false;
      }
    }
    return true;
  }
}
