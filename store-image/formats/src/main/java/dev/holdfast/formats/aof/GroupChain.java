package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/**
 * Writes the lines that close groups, {@code docs/log-format.md}, each with the CRC32C that chains
 * it to the line before: the running state of one file that is appended to.
 *
 * <p>A writer makes one per file: {@link #GroupChain()} for a new one, whose first bytes are a
 * {@link #mark} of length 0, or {@link #after} for one that goes on. It encodes whole effects into
 * a buffer, and calls {@link #group(NativeBuffer, long, boolean)} or {@link #mark} when the buffer
 * is handed over to be written; so the line is part of the same {@code write}. Nothing is
 * allocated. One thread at a time.
 */
public final class GroupChain {
  private static final int STEP = 256 * 1024;

  private final CRC32C crc = new CRC32C();
  private int last;

  /** Bytes of the open group that are in the file already. */
  private long open;

  /** The start of a file. */
  public GroupChain() {
    startGroup(0);
  }

  /**
   * Goes on behind a line that is in the file, when nothing follows it.
   *
   * @param crcOfLine of the last line, see {@link GroupReader#crc}; 0 at the start of a file
   */
  public static GroupChain after(int crcOfLine) {
    var chain = new GroupChain();
    chain.startGroup(crcOfLine);
    return chain;
  }

  /**
   * Goes on behind bytes that no line covers, as a stock server appends them. The next line must be
   * a {@link #mark}, which covers them too.
   *
   * @param crcOfLine of the last line; 0 when there is none
   * @param bytes of the file, from the end of that line on
   * @param count how many of them
   * @throws EOFException when there are fewer
   */
  public static GroupChain after(int crcOfLine, ReadableByteChannel bytes, long count)
      throws IOException {
    var chain = after(crcOfLine);
    var buffer = ByteBuffer.allocateDirect((int) Math.min(STEP, Math.max(1, count)));
    while (chain.open < count) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), count - chain.open));
      int read = bytes.read(buffer);
      if (read < 0) {
        throw new EOFException(
            "expected %d bytes behind the last line, found %d".formatted(count, chain.open));
      }
      chain.crc.update(buffer.flip());
      chain.open += read;
    }
    return chain;
  }

  /**
   * Closes the group of the buffer's bytes from {@code from} on with a group line, appended to the
   * buffer.
   */
  public void group(NativeBuffer buffer, long from) {
    group(buffer, from, false);
  }

  /**
   * As {@link #group(NativeBuffer, long)}.
   *
   * @param behindDurable whether the line says that everything of the log before this group is
   *     durable
   */
  public void group(NativeBuffer buffer, long from, boolean behindDurable) {
    LogLine.putGroup(buffer, open + buffer.length() - from, behindDurable);
    close(buffer, from);
  }

  /**
   * Closes the group of the buffer's bytes from {@code from} on, which may be none, with a mark,
   * appended to the buffer.
   *
   * @param file identity of the file
   * @param db database that is selected behind the group
   * @param offset logical offset behind the group, not negative
   * @param durable logical offset that was synced by now, not negative
   */
  public void mark(NativeBuffer buffer, long from, long file, int db, long offset, long durable) {
    LogLine.putMark(buffer, open + buffer.length() - from, file, db, offset, durable);
    close(buffer, from);
  }

  /** CRC of the last line; 0 at the start of a file. */
  public int crc() {
    return last;
  }

  private void close(NativeBuffer buffer, long from) {
    buffer.checksum(crc, from, buffer.length());
    int value = (int) crc.getValue();
    LogLine.putCrc(buffer, value);
    startGroup(value);
  }

  private void startGroup(int crcOfLine) {
    last = crcOfLine;
    open = 0;
    seed(crc, crcOfLine);
  }

  /** Starts a CRC with that of the line before. */
  static void seed(CRC32C crc, int crcOfLine) {
    crc.reset();
    crc.update(crcOfLine);
    crc.update(crcOfLine >>> 8);
    crc.update(crcOfLine >>> 16);
    crc.update(crcOfLine >>> 24);
  }
}
