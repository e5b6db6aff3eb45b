package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;

/**
 * Finds what the marks of one file say about durability, wherever they stand. Takes a mark by its
 * looks, without its CRC: nobody else knows the identity of the file, and what a mark said when it
 * was written holds whatever became of the bytes before it. A wrong one can only forbid a cut.
 */
public final class MarkSearch {
  private final RandomRead file;
  private final long identity;

  /**
   * @param identity of the file whose marks count, see {@link Mark#file}
   */
  public MarkSearch(RandomRead file, long identity) {
    this.file = file;
    this.identity = identity;
  }

  /** The largest logical offset that a mark at or behind {@code from} calls durable; -1: none. */
  public long durableFrom(long from) throws IOException {
    var scanning = new FileWindow(file);
    var text = new LineText(file);
    long size = file.size();
    long durable = -1;
    for (long at = from; at < size; at++) {
      if (scanning.at(at) == '#' && text.read(at)) {
        var mark = text.line().mark();
        if (mark != null && mark.file() == identity) {
          durable = Math.max(durable, mark.durable());
        }
      }
    }
    return durable;
  }
}
