package dev.holdfast.engine.memory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes as a key of a map: they never change, and are ordered as unsigned numbers. */
public final class ByteString implements Comparable<ByteString> {
  private final byte[] bytes;
  private final int hash;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** Takes the array over: nobody may change it afterwards. */
  public static ByteString of(byte[] bytes) {
    return new ByteString(bytes);
  }

  /** A copy of what is in native memory. */
  public static ByteString of(long address, int length) {
    return new ByteString(Memory.bytes(address, length));
  }

  /** A text with one byte per character. */
  public static ByteString of(String text) {
    return new ByteString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The bytes themselves, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  public boolean startsWith(ByteString prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** One character per byte. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
