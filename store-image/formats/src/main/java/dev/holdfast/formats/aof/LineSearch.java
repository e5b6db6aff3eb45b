package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;
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
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(STEP);
  private final LineText text;
  private final CRC32C crc = new CRC32C();
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
    this.text = new LineText(file);
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
    if (!text.read(start)) {
      return false;
    }
    var line = text.line();
    groupStart = start - line.length();
    if (groupStart < Math.max(from, END_OF_LINE) || !readCrcBefore()) {
      return false;
    }
    long length = line.length() + LogLine.covered(text.length());
    bytesLeft -= length;
    GroupChain.seed(crc, crcBefore);
    return add(groupStart, length) && (int) crc.getValue() == line.crc();
  }

  /**
   * Takes the CRC that stands where a line of ours would end right before the group. The line end
   * and the colon may be damaged: what proves the group is its own CRC.
   */
  private boolean readCrcBefore() throws IOException {
    int value = 0;
    for (long at = groupStart - END_OF_LINE + 1; at < groupStart - 2; at++) {
      int digit = Character.digit(text.at(at), 16);
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
