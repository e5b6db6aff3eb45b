package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;

/** Tells at which logical offset an incremental file ends, reading no more of it than is needed. */
public final class LogOffset {
  private static final int WINDOW = 64 * 1024;

  /** Marks are 64 KiB apart where groups are small. */
  private static final long FIRST_LOOK = 256 * 1024;

  private static final int FARTHER = 8;

  private LogOffset() {}

  /** Up to where the file is good; -1 when no mark says it. */
  public static long atEnd(RandomRead file) throws IOException {
    long size = file.size();
    for (long look = FIRST_LOOK; look < size; look *= FARTHER) {
      var search = new LineSearch(file, size - look);
      if (search.next(size - look)) {
        long offset = read(file, search.groupStart(), search.crcBefore());
        if (offset >= 0) {
          return offset;
        }
      }
    }
    return read(file, 0, 0);
  }

  private static long read(RandomRead file, long from, int crcBefore) throws IOException {
    try (var source = new ByteSource(file.from(from), from, WINDOW)) {
      var reader = GroupReader.behindLine(source, AofLimits.CHECK, crcBefore);
      Item item;
      do {
        item = reader.next();
      } while (item == Item.COMMAND || item == Item.ANNOTATION);
      return reader.offset();
    }
  }
}
