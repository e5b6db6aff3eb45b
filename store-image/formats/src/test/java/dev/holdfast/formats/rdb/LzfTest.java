package dev.holdfast.formats.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.Native;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LzfTest {
  private static final int GUARD = 64;

  @Property(tries = 2000)
  void whatIsCompressedIsDecompressed(@ForAll("texts") byte[] bytes) {
    roundTrip(new Lzf(), bytes);
  }

  @Test
  void oneInstanceServesManyStrings() {
    var lzf = new Lzf();
    var random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      var bytes = new byte[random.nextInt(300)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) ('a' + random.nextInt(1 + i % 7));
      }
      roundTrip(lzf, bytes);
    }
  }

  @Test
  void longRunsAndFarRepeatsAreFound() {
    var bytes = new byte[100_000];
    assertThat(roundTrip(new Lzf(), bytes)).isLessThan(1300);
    new Random(7).nextBytes(bytes);
    System.arraycopy(bytes, 0, bytes, 8000, 8000);
    assertThat(roundTrip(new Lzf(), bytes)).isBetween(92_000, 96_000);
  }

  @Test
  void whatDoesNotFitIsNotCompressed() {
    var bytes = new byte[1000];
    new Random(7).nextBytes(bytes);
    try (var source = Native.copy(bytes);
        var target = new NativeBuffer(2000)) {
      assertThat(new Lzf().compress(source.address(), 1000, target.address(), 996)).isZero();
    }
  }

  @Property(tries = 5000)
  void badInputNeverWritesOutsideOfTheTarget(
      @ForAll byte[] input, @ForAll @IntRange(max = 500) int length) {
    try (var source = Native.copy(input);
        var target = new NativeBuffer(length + 2L * GUARD)) {
      var guard = new byte[length + 2 * GUARD];
      Arrays.fill(guard, (byte) 0x5a);
      target.put(guard);

      Lzf.decompress(source.address(), input.length, target.address() + GUARD, length);

      var after = Raw.bytes(target.address(), length + 2 * GUARD);
      assertThat(Arrays.copyOf(after, GUARD)).containsOnly(0x5a);
      assertThat(Arrays.copyOfRange(after, GUARD + length, after.length)).containsOnly(0x5a);
    }
  }

  private static int roundTrip(Lzf lzf, byte[] bytes) {
    try (var source = Native.copy(bytes);
        var compressed = new NativeBuffer(bytes.length * 2L + 16);
        var target = new NativeBuffer(bytes.length)) {
      int capacity = bytes.length + bytes.length / 32 + 1;
      int size = lzf.compress(source.address(), bytes.length, compressed.address(), capacity);
      if (bytes.length < 4) {
        assertThat(size).isZero();
        return 0;
      }
      assertThat(size).isBetween(1, capacity);
      assertThat(Lzf.decompress(compressed.address(), size, target.address(), bytes.length))
          .isTrue();
      assertThat(Raw.bytes(target.address(), bytes.length)).isEqualTo(bytes);
      assertThat(Lzf.decompress(compressed.address(), size, target.address(), bytes.length - 1))
          .isFalse();
      return size;
    }
  }

  @Provide
  Arbitrary<byte[]> texts() {
    return Arbitraries.of((byte) 'a', (byte) 'b', (byte) 'c', (byte) 0)
        .array(byte[].class)
        .ofMaxSize(600);
  }
}
