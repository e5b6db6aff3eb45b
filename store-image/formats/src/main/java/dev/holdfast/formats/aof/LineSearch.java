package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Finds the log again behind damage: the next line that proves itself, because the CRC that stands
 * right before its group and the bytes of the group give its own. What such a line says holds,
 * whatever came before; chance passes for one with a probability of 2⁻³².
 *
 * <p>The work is bounded whatever the bytes are: each group that is computed in vain is counted,
 * and the search gives up when there were too many.
 */
public final class LineSearch {
  private static final int STEP = 256 * 1024;
  private static final long SPARE_BYTES = 64 << 20;
  private static final int TIMES_THE_SIZE = 8;

  /** {@code :}, eight digits and the line end, which every line of ours ends with. */
  private static final int END_OF_LINE = 11;

  private final RandomRead file;
  private final FileWindow scanning;
  private final FileWindow probing;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(STEP);
  private final ByteBuffer text = ByteBuffer.allocateDirect(LogLine.LONGEST);
  private final long textAddress = MemorySegment.ofBuffer(text).address();
  private final CRC32C crc = new CRC32C();
  private final LogLine line = new LogLine();
  private final long size;
  private final long from;
  private long bytesLeft;
  private long lineStart = -1;
  private long groupStart;
  private int crcBefore;

  /**
   * @param from where the damage begins, so that no group of interest begins before
   */
  public LineSearch(RandomRead file, long from) throws IOException {
    this.file = file;
    this.from = from;
    this.scanning = new FileWindow(file);
    this.probing = new FileWindow(file);
    this.size = file.size();
    this.bytesLeft = SPARE_BYTES + TIMES_THE_SIZE * size;
  }

  /** Looks for the next line that begins at {@code offset} or later; false when there is none. */
  public boolean next(long offset) throws IOException {
    for (long at = Math.max(offset, from); at < size && !isExhausted(); at++) {
      if (scanning.at(at) == '#' && proves(at)) {
        lineStart = at;
        return true;
      }
    }
    return false;
  }

  /** Offset of the line that was found. */
  public long lineStart() {
    return lineStart;
  }

  /** Where the group begins that the line closes. */
  public long groupStart() {
    return groupStart;
  }

  /** CRC of the line before the group, for {@link GroupReader#behindLine}. */
  public int crcBefore() {
    return crcBefore;
  }

  /** Whether the search was given up, so that nothing is known about the rest. */
  public boolean isExhausted() {
    return bytesLeft <= 0;
  }

  private boolean proves(long start) throws IOException {
    int textLength = textLength(start + 1);
    if (textLength < 0) {
      return false;
    }
    for (int i = 0; i < textLength; i++) {
      text.put(i, (byte) probing.at(start + 1 + i));
    }
    if (!line.parse(textAddress, textLength)) {
      return false;
    }
    groupStart = start - line.length();
    if (groupStart < Math.max(from, END_OF_LINE) || !readCrcBefore()) {
      return false;
    }
    long length = line.length() + LogLine.covered(textLength);
    bytesLeft -= length;
    GroupChain.seed(crc, crcBefore);
    return add(groupStart, length) && (int) crc.getValue() == line.crc();
  }

  /** Bytes up to the line end, or -1 when the line cannot be one of ours. */
  private int textLength(long start) throws IOException {
    int first = probing.at(start);
    if (first != 'G' && first != 'M') {
      return -1;
    }
    for (int i = 1; i < LogLine.LONGEST; i++) {
      int b = probing.at(start + i);
      if (b == '\r') {
        return probing.at(start + i + 1) == '\n' ? i : -1;
      }
      if (b <= ' ') {
        return -1;
      }
    }
    return -1;
  }

  /** Whether the end of a line of ours stands right before the group; takes its CRC. */
  private boolean readCrcBefore() throws IOException {
    if (probing.at(groupStart - 1) != '\n'
        || probing.at(groupStart - 2) != '\r'
        || probing.at(groupStart - END_OF_LINE) != ':') {
      return false;
    }
    int value = 0;
    for (long at = groupStart - END_OF_LINE + 1; at < groupStart - 2; at++) {
      int digit = Character.digit(probing.at(at), 16);
      if (digit < 0) {
        return false;
      }
      value = value << 4 | digit;
    }
    crcBefore = value;
    return true;
  }

  private boolean add(long start, long length) throws IOException {
    long done = 0;
    while (done < length) {
      bytes.clear().limit((int) Math.min(STEP, length - done));
      int read = file.read(bytes, start + done);
      if (read < 0) {
        return false;
      }
      crc.update(bytes.flip());
      done += read;
    }
    return true;
  }
}
