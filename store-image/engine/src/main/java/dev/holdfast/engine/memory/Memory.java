package dev.holdfast.engine.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Raw access to native memory by address: unaligned, little-endian, unchecked. A wrong address ends
 * the process, so addresses never come from outside; they are only ever handed out by {@link
 * Slabs}, {@link NativeHeap} and {@link Pages} or read back from where they were stored.
 */
public final class Memory {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Memory() {}

  public static byte getByte(long address) {
    return ALL.get(JAVA_BYTE, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(JAVA_BYTE, address, value);
  }

  public static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  public static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  /** Copies {@code length} bytes; the ranges may overlap. */
  public static void copy(long source, long target, long length) {
    MemorySegment.copy(ALL, source, ALL, target, length);
  }

  public static void copyFrom(byte[] source, int offset, long target, int length) {
    MemorySegment.copy(source, offset, ALL, JAVA_BYTE, target, length);
  }

  public static void copyTo(long source, byte[] target, int offset, int length) {
    MemorySegment.copy(ALL, JAVA_BYTE, source, target, offset, length);
  }

  public static void fill(long address, long length, byte value) {
    ALL.asSlice(address, length).fill(value);
  }

  /** Offset of the first byte that differs, or -1 when both ranges are equal. */
  public static long mismatch(long a, long b, long length) {
    return MemorySegment.mismatch(ALL, a, a + length, ALL, b, b + length);
  }

  /** Whether both ranges hold the same bytes; made for short ranges such as keys. */
  public static boolean equal(long a, long b, int length) {
    if (length < 8) {
      for (int i = 0; i < length; i++) {
        if (getByte(a + i) != getByte(b + i)) {
          return false;
        }
      }
      return true;
    }
    if (length > 128) {
      return mismatch(a, b, length) < 0;
    }
    int last = length - 8;
    for (int i = 0; i < last; i += 8) {
      if (getLong(a + i) != getLong(b + i)) {
        return false;
      }
    }
    return getLong(a + last) == getLong(b + last);
  }

  public static boolean equal(long address, int length, byte[] bytes) {
    if (length != bytes.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (getByte(address + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Orders by unsigned bytes, a shorter range before a longer one that starts with it. */
  public static int compare(long a, int aLength, long b, int bLength) {
    int common = Math.min(aLength, bLength);
    long at = mismatch(a, b, common);
    return at < 0
        ? Integer.compare(aLength, bLength)
        : Integer.compare(getByte(a + at) & 0xff, getByte(b + at) & 0xff);
  }

  /** Whether the range is the given word when ASCII letters are taken as upper case. */
  public static boolean equalsIgnoreCase(long address, int length, String upperCaseWord) {
    if (length != upperCaseWord.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int c = getByte(address + i) & 0xff;
      if (c >= 'a' && c <= 'z') {
        c -= 'a' - 'A';
      }
      if (c != upperCaseWord.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  public static byte[] bytes(long address, int length) {
    byte[] bytes = new byte[length];
    copyTo(address, bytes, 0, length);
    return bytes;
  }

  /** One character per byte (ISO 8859-1): loses nothing, for names and numbers. */
  public static String ascii(long address, int length) {
    return new String(bytes(address, length), StandardCharsets.ISO_8859_1);
  }

  public static String utf8(long address, int length) {
    return new String(bytes(address, length), StandardCharsets.UTF_8);
  }

  /**
   * A view of a range, for calls of the JDK and of the system that want one; valid as long as the
   * range is.
   */
  public static MemorySegment segment(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length);
  }
}
