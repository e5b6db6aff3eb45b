package dev.holdfast.formats.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.formats.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  @Property
  void numbersAreWrittenAsTheirDigits(@ForAll long number) {
    try (var buffer = new NativeBuffer(64)) {
      buffer.putDecimal(number);

      assertThat(text(buffer)).isEqualTo(Long.toString(number));
      assertThat(Decimal.length(number)).isEqualTo(Long.toString(number).length());
    }
  }

  @Test
  void theSmallestAndLargestNumbersAreWritten() {
    numbersAreWrittenAsTheirDigits(Long.MIN_VALUE);
    numbersAreWrittenAsTheirDigits(Long.MAX_VALUE);
    numbersAreWrittenAsTheirDigits(0);
  }

  @Test
  void aBufferKeepsItsContentWhenItGrows() {
    try (var buffer = new NativeBuffer(64)) {
      for (int i = 0; i < 100_000; i++) {
        buffer.putDecimal(i % 10);
      }

      assertThat(text(buffer)).isEqualTo("0123456789".repeat(10_000));
      buffer.truncate(3);
      assertThat(text(buffer)).isEqualTo("012");
      assertThatThrownBy(() -> buffer.truncate(4)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSourceTakesBytesOutOfTheMiddle() throws IOException {
    var bytes = new byte[1000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    try (var source = Native.source(bytes)) {
      assertThat(source.require(20)).isTrue();
      assertThat(source.drop(10, 900)).isEqualTo(900);
      assertThat(source.require(20)).isTrue();
      assertThat(Raw.getByte(source.address() + 9)).isEqualTo((byte) 9);
      assertThat(Raw.getByte(source.address() + 10)).isEqualTo((byte) 910);
      source.advance(20);
      assertThat(source.offset()).isEqualTo(920);
      assertThat(source.drop(0, 200)).isEqualTo(80);
    }
  }

  @Test
  void theChecksumFollowsTheWindow() throws IOException {
    var bytes = new byte[10_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    try (var source = Native.source(bytes);
        var copy = Native.copy(bytes)) {
      source.skip(77);
      source.startChecksum();
      source.require(500);
      source.skip(9000);

      assertThat(source.checksum()).isEqualTo(Crc64.update(0, copy.address() + 77, 9000));
      assertThatThrownBy(() -> source.drop(0, 1)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> source.advance(1_000_000))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String text(NativeBuffer buffer) {
    return new String(
        Raw.bytes(buffer.address(), (int) buffer.length()), StandardCharsets.ISO_8859_1);
  }
}
