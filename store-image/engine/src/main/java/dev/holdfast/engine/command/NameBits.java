package dev.holdfast.engine.command;

import dev.holdfast.engine.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * A command name as two words, for a lookup that compares two longs: lower case, padded with zeros.
 * No name of the field is longer than 16 bytes.
 */
record NameBits(long low, long high) {
  static final int LONGEST = 16;

  /**
   * Sets the bit that tells lower from upper case in each letter; digits and the hyphen have it set
   * already.
   */
  private static final int LOWER = 0x20;

  static NameBits of(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > LONGEST) {
      throw new IllegalArgumentException("command name longer than " + LONGEST + " bytes: " + name);
    }
    long[] words = new long[2];
    for (int i = 0; i < bytes.length; i++) {
      words[i >>> 3] |= (long) (bytes[i] | LOWER) << ((i & 7) * 8);
    }
    return new NameBits(words[0], words[1]);
  }

  static long low(long address, int length) {
    return word(address, Math.min(length, 8));
  }

  static long high(long address, int length) {
    return length <= 8 ? 0 : word(address + 8, length - 8);
  }

  private static long word(long address, int length) {
    if (length == 8) {
      return Memory.getLong(address) | 0x2020202020202020L;
    }
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= (long) ((Memory.getByte(address + i) & 0xff) | LOWER) << (i * 8);
    }
    return word;
  }

  int slot(int slots) {
    return slot(low, high, slots);
  }

  static int slot(long low, long high, int slots) {
    long mixed = (low ^ (high * 0x9E3779B97F4A7C15L)) * 0xC2B2AE3D27D4EB4FL;
    return (int) (mixed >>> 40) & (slots - 1);
  }
}
