package dev.holdfast.formats.offheap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.Native;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Crc64Test {
  @Test
  void isTheJonesPolynomialOfRdbFiles() {
    try (var text = Native.copy("123456789")) {
      assertThat(Crc64.update(0, text.address(), 9)).isEqualTo(0xe9c6d914c4b8d9caL);
    }
  }

  @Property
  void isTheSameInOneStepOrTwoAndAsBitByBit(
      @ForAll byte[] bytes, @ForAll @IntRange(max = 1000) int cut) {
    try (var copy = Native.copy(bytes)) {
      int first = Math.min(cut, bytes.length);
      long part = Crc64.update(0, copy.address(), first);

      assertThat(Crc64.update(part, copy.address() + first, bytes.length - first))
          .isEqualTo(Crc64.update(0, copy.address(), bytes.length))
          .isEqualTo(bitByBit(bytes));
    }
  }

  private static long bitByBit(byte[] bytes) {
    long crc = 0;
    for (byte b : bytes) {
      for (int bit = 0; bit < 8; bit++) {
        boolean flip = (crc >>> 63 ^ b >>> bit & 1) != 0;
        crc = flip ? crc << 1 ^ 0xad93d23594c935a9L : crc << 1;
      }
    }
    return Long.reverse(crc);
  }
}
