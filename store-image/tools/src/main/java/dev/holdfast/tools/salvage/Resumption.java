package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.LineSearch;
import dev.holdfast.formats.check.Resynchronizer;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;

/**
 * Where commands can be taken again behind damage.
 *
 * <p>In a log that checks itself that is a group that proves itself, because commands of ours
 * without their line are not to be trusted; behind the last line, where a stock server went on. In
 * any other file it is the next place that looks like commands.
 */
final class Resumption {
  private static final int WINDOW = 256 * 1024;
  private static final String EMPTY_ANNOTATION = "#\r\n";

  private final RandomRead file;
  private final LineSearch lines;
  private final Resynchronizer commands;
  private long nextLine;

  /**
   * @param from where the first damage begins
   */
  Resumption(RandomRead file, long from) throws IOException {
    this.file = file;
    this.lines = new LineSearch(file, from);
    this.commands = new Resynchronizer(file);
    this.nextLine = from;
  }

  /**
   * A place to go on at.
   *
   * @param at offset; the file's size when there is none
   * @param proven whether the group there proves itself, with {@code crcBefore}
   */
  record Place(long at, boolean proven, int crcBefore) {}

  /** In a file without lines. */
  Place inCommands(long from) throws IOException {
    return plain(commands.next(from));
  }

  /** In a file with lines: not before {@code good}. */
  Place inLog(long good) throws IOException {
    nextLine = Math.max(nextLine, good);
    while (lines.next(nextLine)) {
      nextLine = lines.lineStart() + 1;
      if (lines.groupStart() >= good) {
        return new Place(lines.groupStart(), true, lines.crcBefore());
      }
    }
    return plain(stockTail(good));
  }

  Place end() throws IOException {
    return plain(-1);
  }

  private Place plain(long at) throws IOException {
    return new Place(at < 0 ? file.size() : at, false, 0);
  }

  /** The first bare {@code SELECT}; -1 when no stock server went on. */
  private long stockTail(long from) throws IOException {
    long at = from;
    while ((at = commands.next(at)) >= 0) {
      boolean ours = isBehindEmptyAnnotation(at);
      try (var source = new ByteSource(file.from(at), at, WINDOW)) {
        var reader = new AofReader(source, AofLimits.CHECK);
        long annotation = -1;
        Item item;
        while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
          annotation = item == Item.ANNOTATION ? reader.offset() : -1;
          if (item == Item.COMMAND && reader.bareSelect() && !(ours && reader.offset() == at)) {
            return reader.offset();
          }
        }
        if (item == Item.END || reader.problem().zeros()) {
          return -1;
        }
        // Half a line of ours takes the start of the command behind it with it.
        at = (annotation < 0 ? reader.offset() : annotation) + 1;
      }
    }
    return -1;
  }

  private boolean isBehindEmptyAnnotation(long at) throws IOException {
    var window = new FileWindow(file);
    int length = EMPTY_ANNOTATION.length();
    for (int i = 0; i < length; i++) {
      if (at < length || window.at(at - length + i) != EMPTY_ANNOTATION.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
