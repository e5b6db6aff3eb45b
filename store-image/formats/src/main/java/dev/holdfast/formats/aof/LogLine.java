package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;

/**
 * The lines with which the log checks itself, {@code #G…}, {@code #D…} and {@code #M…} of {@code
 * docs/log-format.md}: how they are written, and one parsed line at a time.
 *
 * <p>Strict on purpose: numbers have no leading zeros, hexadecimal digits are lower-case, and each
 * field has one form only, so that there is one line for one meaning.
 */
final class LogLine {
  /** Bytes of the longest line, {@code #} and line end included. */
  static final int LONGEST = 128;

  private static final int CRC_DIGITS = 8;
  private static final int FILE_DIGITS = 16;
  private static final int MOST_DIGITS = 18;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private long length;
  private int crc;
  private boolean behindDurable;
  private Mark mark;

  private long at;
  private long end;

  /**
   * Whether an annotation is meant to be one of these lines, right or wrong: nothing else begins
   * with {@code #G}, {@code #D} or {@code #M}.
   *
   * @param address of the text behind the {@code #}
   * @param length without the line end
   */
  static boolean isMeant(long address, int length) {
    return length > 0 && isLetter(Raw.getByte(address));
  }

  /** Whether this is what follows the {@code #} of one of these lines. */
  static boolean isLetter(int letter) {
    return letter == 'G' || letter == 'D' || letter == 'M';
  }

  /**
   * Reads the text of an annotation, without {@code #} and line end; false when it is none of these
   * lines.
   */
  boolean parse(long address, int textLength) {
    at = address + 1;
    end = address + textLength;
    mark = null;
    behindDurable = false;
    if (!isMeant(address, textLength)) {
      return false;
    }
    length = decimal();
    if (length < 0) {
      return false;
    }
    behindDurable = Raw.getByte(address) == 'D';
    if (Raw.getByte(address) == 'M') {
      boolean readable = end - at > FILE_DIGITS;
      long file = readable ? hex(FILE_DIGITS) : 0;
      if (!readable || !isHex || !colon()) {
        return false;
      }
      long db = decimal();
      long offset = decimal();
      long durable = decimal();
      if (db < 0 || db > Integer.MAX_VALUE || offset < 0 || durable < 0) {
        return false;
      }
      mark = new Mark(file, (int) db, offset, durable);
    }
    if (end - at != CRC_DIGITS) {
      return false;
    }
    crc = (int) hex(CRC_DIGITS);
    return isHex;
  }

  /** Bytes of the group that this line closes. */
  long length() {
    return length;
  }

  int crc() {
    return crc;
  }

  /** Whether a group line says that everything before its group was durable. */
  boolean behindDurable() {
    return behindDurable;
  }

  /** What a full mark says; null for a group line. */
  Mark mark() {
    return mark;
  }

  /** How many bytes behind the group the CRC of a line of this text covers. */
  static int covered(int textLength) {
    return 1 + textLength - CRC_DIGITS;
  }

  /** Appends a group line up to the colon before its CRC. */
  static void putGroup(NativeBuffer buffer, long groupLength, boolean behindDurable) {
    buffer.reserve(LONGEST);
    buffer.put((byte) '#');
    buffer.put((byte) (behindDurable ? 'D' : 'G'));
    buffer.putDecimal(groupLength);
    buffer.put((byte) ':');
  }

  /** Appends a mark up to the colon before its CRC. */
  static void putMark(
      NativeBuffer buffer, long groupLength, long file, int db, long offset, long durable) {
    buffer.reserve(LONGEST);
    buffer.put((byte) '#');
    buffer.put((byte) 'M');
    buffer.putDecimal(groupLength);
    buffer.put((byte) ':');
    putHex(buffer, file, FILE_DIGITS);
    buffer.put((byte) ':');
    buffer.putDecimal(db);
    buffer.put((byte) ':');
    buffer.putDecimal(offset);
    buffer.put((byte) ':');
    buffer.putDecimal(durable);
    buffer.put((byte) ':');
  }

  /** Appends the CRC and the line end. */
  static void putCrc(NativeBuffer buffer, int value) {
    putHex(buffer, value, CRC_DIGITS);
    buffer.put((byte) '\r');
    buffer.put((byte) '\n');
  }

  private static void putHex(NativeBuffer buffer, long value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      buffer.put(HEX[(int) (value >>> shift) & 0xf]);
    }
  }

  private boolean isHex;

  /** The next digits, which are there; {@link #isHex} says whether they are digits. */
  private long hex(int digits) {
    long value = 0;
    isHex = true;
    for (int i = 0; i < digits; i++) {
      int b = Raw.getByte(at++);
      int digit = b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
      isHex &= digit >= 0;
      value = value << 4 | digit & 0xf;
    }
    return value;
  }

  /** The next number and the colon behind it; -1 when they are not there. */
  private long decimal() {
    long start = at;
    long value = 0;
    while (at < end && at - start < MOST_DIGITS) {
      int digit = Raw.getByte(at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
      at++;
    }
    boolean canonical = at - start == 1 || at > start && Raw.getByte(start) != '0';
    return canonical && colon() ? value : -1;
  }

  private boolean colon() {
    return at < end && Raw.getByte(at++) == ':';
  }
}
