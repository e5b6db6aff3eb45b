package dev.holdfast.formats.offheap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Native memory by address: little-endian, unaligned, without bounds.
 *
 * <p>The formats are parsed and written where the bytes lie, outside the Java heap, and the hot
 * paths must not allocate; so they pass addresses and lengths. Whoever calls has checked the
 * bounds: the readers of this module do so against the data that {@link ByteSource} says is there.
 */
public final class Raw {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Raw() {}

  public static byte getByte(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address);
  }

  /** The byte as 0..255. */
  public static int unsigned(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xff;
  }

  public static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(ValueLayout.JAVA_BYTE, address, value);
  }

  public static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  /** Copies {@code length} bytes; the ranges may overlap. */
  public static void copy(long source, long target, long length) {
    MemorySegment.copy(ALL, source, ALL, target, length);
  }

  public static void copyFrom(byte[] source, int from, long target, int length) {
    MemorySegment.copy(source, from, ALL, ValueLayout.JAVA_BYTE, target, length);
  }

  /** A fresh array with the bytes at {@code address}. */
  public static byte[] bytes(long address, int length) {
    var copy = new byte[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, copy, 0, length);
    return copy;
  }

  /** A view for interfaces that take segments. It does not keep the memory alive. */
  public static MemorySegment segment(long address, long length) {
    return ALL.asSlice(address, length);
  }

  /** Whether the text equals an upper-case ASCII word, ignoring case. */
  public static boolean equalsIgnoreCase(long address, int length, String upperCaseWord) {
    if (length != upperCaseWord.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int b = getByte(address + i);
      if (b >= 'a' && b <= 'z') {
        b -= 32;
      }
      if (b != upperCaseWord.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
