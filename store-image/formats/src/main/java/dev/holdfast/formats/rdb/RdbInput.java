package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Decimal;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;

/**
 * The elements of an RDB file: fixed-width numbers, lengths, strings.
 *
 * <p>A length is 6 bits ({@code 00}), 14 bits ({@code 01}), 32 bits ({@code 0x80}) or 64 bits
 * ({@code 0x81}), big-endian; {@code 11} marks an integer or LZF string instead.
 */
final class RdbInput {
  /** Largest string that is kept in memory. */
  static final int MAX_STRING = 1 << 30;

  private static final int ENCODED_INT8 = 0;
  private static final int ENCODED_INT16 = 1;
  private static final int ENCODED_INT32 = 2;
  private static final int ENCODED_LZF = 3;

  private final ByteSource source;
  private boolean encoded;
  private long stringAddress;
  private int stringLength;

  RdbInput(ByteSource source) {
    this.source = source;
  }

  ByteSource source() {
    return source;
  }

  long offset() {
    return source.offset();
  }

  int readByte(String what) throws IOException {
    need(1, what);
    int value = Raw.unsigned(source.address());
    source.advance(1);
    return value;
  }

  int readInt(String what) throws IOException {
    need(4, what);
    int value = Raw.getInt(source.address());
    source.advance(4);
    return value;
  }

  long readLong(String what) throws IOException {
    need(8, what);
    long value = Raw.getLong(source.address());
    source.advance(8);
    return value;
  }

  void skip(long bytes, String what) throws IOException {
    if (source.skip(bytes) < bytes) {
      throw RdbException.truncated(source.offset(), what);
    }
  }

  /**
   * A length that counts something. Any bit pattern of 64 bits is allowed where {@link
   * #readAnyLength} is used.
   */
  long readLength(String what) throws IOException {
    long start = source.offset();
    long length = readAnyLength(what);
    if (length < 0) {
      throw RdbException.damaged(start, what, "the length " + Long.toUnsignedString(length));
    }
    return length;
  }

  /** A number in length form that may use all 64 bits, as sequence numbers of streams do. */
  long readAnyLength(String what) throws IOException {
    long start = source.offset();
    long length = lengthOrEncoding(what);
    if (encoded) {
      throw RdbException.damaged(start, what, "an encoded string");
    }
    return length;
  }

  private long lengthOrEncoding(String what) throws IOException {
    int first = readByte(what);
    encoded = false;
    switch (first >>> 6) {
      case 0:
        return first;
      case 1:
        return (first & 63) << 8 | readByte(what);
      case 3:
        encoded = true;
        return first & 63;
      default:
        if (first == 0x80) {
          return Integer.toUnsignedLong(Integer.reverseBytes(readInt(what)));
        }
        if (first == 0x81) {
          return Long.reverseBytes(readLong(what));
        }
        throw RdbException.damaged(
            source.offset() - 1, what, "the unknown length 0x%02x".formatted(first));
    }
  }

  /**
   * Reads a string; {@link #stringAddress} and {@link #stringLength} say where it is, until the
   * next read. Strings that are not stored as they are go into {@code scratch}.
   */
  void readString(NativeBuffer scratch, String what) throws IOException {
    long start = source.offset();
    long length = lengthOrEncoding(what);
    if (!encoded) {
      stringLength = keepable(length, start, what);
      need(stringLength, what);
      stringAddress = source.address();
      source.advance(stringLength);
      return;
    }
    scratch.clear();
    switch ((int) length) {
      case ENCODED_INT8 -> scratch.putDecimal((byte) readByte(what));
      case ENCODED_INT16 -> {
        need(2, what);
        scratch.putDecimal(Raw.getShort(source.address()));
        source.advance(2);
      }
      case ENCODED_INT32 -> scratch.putDecimal(readInt(what));
      case ENCODED_LZF -> decompress(scratch, start, what);
      default -> throw RdbException.damaged(start, what, "the unknown string encoding " + length);
    }
    stringAddress = scratch.address();
    stringLength = (int) scratch.length();
  }

  long stringAddress() {
    return stringAddress;
  }

  int stringLength() {
    return stringLength;
  }

  /** Reads a string into {@code target}, where it stays. */
  void copyString(NativeBuffer target, String what) throws IOException {
    readString(target, what);
    if (stringAddress != target.address()) {
      target.clear();
      target.put(stringAddress, stringLength);
      stringAddress = target.address();
    }
  }

  /** Checks a string without keeping it; returns its length. */
  long skipString(String what) throws IOException {
    long start = source.offset();
    long length = lengthOrEncoding(what);
    if (!encoded) {
      if (length < 0) {
        throw RdbException.damaged(start, what, "the length " + Long.toUnsignedString(length));
      }
      skip(length, what);
      return length;
    }
    return switch ((int) length) {
      case ENCODED_INT8 -> Decimal.length((byte) readByte(what));
      case ENCODED_INT16 -> {
        int low = readByte(what);
        yield Decimal.length((short) (low | readByte(what) << 8));
      }
      case ENCODED_INT32 -> Decimal.length(readInt(what));
      case ENCODED_LZF -> skipCompressed(start, what);
      default -> throw RdbException.damaged(start, what, "the unknown string encoding " + length);
    };
  }

  private void decompress(NativeBuffer target, long start, String what) throws IOException {
    int length = keepable(readLength(what), start, what);
    int expanded = keepable(readLength(what), start, what);
    // A copy of three bytes makes at most 264, so a length beyond that is a lie and costs no
    // memory.
    if (expanded > length * 88L + 264) {
      throw RdbException.damaged(start, what, badCompression(length, expanded));
    }
    need(length, what);
    long at = target.reserve(expanded);
    if (!Lzf.decompress(source.address(), length, at, expanded)) {
      throw RdbException.damaged(start, what, badCompression(length, expanded));
    }
    target.advance(expanded);
    source.advance(length);
  }

  /** Follows the control bytes of a compressed string, which need no output to be checked. */
  private long skipCompressed(long start, String what) throws IOException {
    long length = readLength(what);
    long expanded = readLength(what);
    long in = 0;
    long out = 0;
    boolean good = true;
    while (good && in < length) {
      int control = readByte(what);
      in++;
      if (control < 32) {
        int literals = control + 1;
        good = literals <= length - in;
        if (good) {
          skip(literals, what);
          in += literals;
          out += literals;
        }
      } else {
        int copied = (control >>> 5) + 2;
        boolean longer = copied == 9;
        good = length - in >= (longer ? 2 : 1);
        if (good) {
          if (longer) {
            copied += readByte(what);
            in++;
          }
          int distance = ((control & 31) << 8 | readByte(what)) + 1;
          in++;
          good = distance <= out;
          out += copied;
        }
      }
    }
    if (!good || out != expanded) {
      throw RdbException.damaged(start, what, badCompression(length, expanded));
    }
    return expanded;
  }

  private static String badCompression(long length, long expanded) {
    return "a compressed string of %d bytes that does not expand to %d".formatted(length, expanded);
  }

  private static int keepable(long length, long start, String what) throws RdbException {
    if (length < 0 || length > MAX_STRING) {
      throw RdbException.damaged(
          start,
          what + " of at most " + MAX_STRING + " bytes",
          "the length " + Long.toUnsignedString(length));
    }
    return (int) length;
  }

  private void need(int bytes, String what) throws IOException {
    if (source.available() < bytes && !source.require(bytes)) {
      throw RdbException.truncated(source.offset() + source.available(), what);
    }
  }
}
