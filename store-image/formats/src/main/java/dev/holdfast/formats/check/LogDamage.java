package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.LineSearch;
import dev.holdfast.formats.aof.Mark;
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
 * @param durable largest logical offset that a mark behind the damage calls durable; -1 when there
 *     is no mark
 * @param stock whether a stock server went on behind the damage: nothing is known about what it
 *     promised
 * @param unknown whether the search was given up before the end of the file
 */
public record LogDamage(
    boolean groups, long groupsEnd, long commands, long durable, boolean stock, boolean unknown) {
  private static final int WINDOW = 256 * 1024;

  /** Behind a file whose rest is zeros. */
  public static final LogDamage NOTHING = new LogDamage(false, 0, 0, -1, false, false);

  /**
   * Looks through a file from damage on.
   *
   * @param from {@link GroupReader#lastGoodOffset}
   * @param before the file's last mark before the damage, so that groups of another file are not
   *     taken for its own: blocks of a deleted file may come back after a power cut. Null when
   *     there is none
   * @throws IOException when the disk fails
   */
  public static LogDamage behind(RandomRead file, long from, Mark before) throws IOException {
    var found = groupsBehind(file, from, before);
    return found.withStock(file);
  }

  /** As {@link #behind}, without a look for a stock server's commands where no group is. */
  static LogDamage groupsBehind(RandomRead file, long from, Mark before) throws IOException {
    var search = new LineSearch(file, from);
    boolean groups = false;
    long commands = 0;
    long durable = -1;
    long end = from;
    long at = from;
    while (search.next(at)) {
      try (var source =
          new ByteSource(file.from(search.groupStart()), search.groupStart(), WINDOW)) {
        var reader = GroupReader.behindLine(source, AofLimits.CHECK, search.crcBefore());
        Item item;
        do {
          item = reader.next();
        } while (item == Item.COMMAND || item == Item.ANNOTATION);
        at = Math.max(reader.lastGoodOffset(), search.lineStart() + 1);
        if (isOfAnotherFile(reader.lastMark(), before)) {
          continue;
        }
        groups = true;
        end = reader.lastGoodOffset();
        commands += reader.commands();
        durable = Math.max(durable, reader.durable());
        if (reader.stockTail() || item != Item.CORRUPT || reader.problem().zeros()) {
          return new LogDamage(true, end, commands, durable, reader.stockTail(), false);
        }
      }
    }
    return new LogDamage(groups, end, commands, durable, false, search.isExhausted());
  }

  private static boolean isOfAnotherFile(Mark found, Mark before) {
    return found != null && before != null && found.file() != before.file();
  }

  /**
   * How many bytes of effects had been promised and are gone.
   *
   * @param offset logical offset up to which the log is good; -1 when it is not known
   * @param durableBefore largest logical offset that was called durable before the damage; -1 when
   *     none was
   * @param bytes what is lost at most, which is the answer where nothing is known
   */
  public long promised(long offset, long durableBefore, long bytes) {
    if (stock || unknown || offset < 0) {
      return bytes;
    }
    return Math.clamp(Math.max(durable, durableBefore) - offset, 0, bytes);
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
      boolean ours =
          at >= 3
              && window.at(at - 3) == '#'
              && window.at(at - 2) == '\r'
              && window.at(at - 1) == '\n';
      try (var source = new ByteSource(file.from(at), at, WINDOW)) {
        var reader = new AofReader(source, AofLimits.CHECK);
        long annotation = -1;
        Item item;
        while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
          annotation = item == Item.ANNOTATION ? reader.offset() : -1;
          bareSelect |=
              item == Item.COMMAND && reader.bareSelect() && !(ours && reader.offset() == at);
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
        bareSelect,
        at < 0 && resynchronizer.isExhausted());
  }
}
