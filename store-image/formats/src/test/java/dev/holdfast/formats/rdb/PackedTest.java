package dev.holdfast.formats.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.offheap.NativeBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedTest {
  private final NativeBuffer memory = new NativeBuffer(256);

  @AfterEach
  void free() {
    memory.close();
  }

  @ParameterizedTest
  @CsvSource({
    // Empty; one small integer; "hello"; int13 -1; int16, int24, int32, int64.
    "LISTPACK, 07000000 0000 ff",
    "LISTPACK, 09000000 0100 0501 ff",
    "LISTPACK, 0e000000 0100 8568656c6c6f 06 ff",
    "LISTPACK, 0a000000 0100 dfff 02 ff",
    "LISTPACK, 20000000 0400 f13930 03 f2010203 04 f301020304 05 f40102030405060708 09 ff",
    "LISTPACK, 09000000 ffff 0501 ff",
    // Empty; "ab" and 13 in the encoding byte; int16, int32, int64, int24, int8.
    "ZIPLIST, 0b000000 0a000000 0000 ff",
    "ZIPLIST, 11000000 0e000000 0200 00026162 04fd ff",
    "ZIPLIST, 27000000 23000000 0500 00c03930 04d001020304 06e00102030405060708 0af0010203 05fe05 ff",
    "ZIPMAP, 00 ff",
    "ZIPMAP, 01 03666f6f 03 00 626172 ff",
    "ZIPMAP, 02 01 61 01 02 62 0000 fe02000000 6363 00 00 ff",
    "INTSET, 02000000 02000000 0100 0200",
    "INTSET, 08000000 01000000 0102030405060708",
  })
  void wellFormedBlocksAreAccepted(Packed kind, String hex) {
    var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(fault(kind, bytes, (byte) 0)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "LISTPACK, 08000000 0000 ff, 0",
    "LISTPACK, 09000000 0200 0501 ff, 4",
    "LISTPACK, 09000000 0100 0502 ff, 6",
    "LISTPACK, 09000000 0100 0501 fe, 8",
    "LISTPACK, 0e000000 0100 8668656c6c6f 06 ff, 6",
    "LISTPACK, 0b000000 0100 f0ffffff ff, 6",
    "ZIPLIST, 11000000 0e000000 0200 00026162 05fd ff, 14",
    "ZIPLIST, 11000000 0a000000 0200 00026162 04fd ff, 4",
    "ZIPLIST, 11000000 0e000000 0300 00026162 04fd ff, 8",
    "ZIPMAP, 01 03666f6f 04 00 626172 ff, 1",
    "ZIPMAP, 02 03666f6f 03 00 626172 ff, 0",
    "INTSET, 03000000 02000000 0100 0200, 0",
    "INTSET, 02000000 03000000 0100 0200, 4",
    "INTSET, 02000000, 0",
  })
  void damageIsLocated(Packed kind, String hex, int at) {
    var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(fault(kind, bytes, (byte) 0)).isEqualTo(at);
  }

  @Test
  void whatFollowsABlockIsNeverLookedAt() {
    var random = new Random(42);
    for (var kind : Packed.values()) {
      for (int i = 0; i < 100_000; i++) {
        var bytes = nearlyGood(kind, random);
        assertThat(fault(kind, bytes, (byte) 0xff))
            .as("%s %s", kind, HexFormat.of().formatHex(bytes))
            .isEqualTo(fault(kind, bytes, (byte) 0))
            .isEqualTo(fault(kind, bytes, (byte) 1))
            .isLessThan(Math.max(1, bytes.length));
      }
    }
  }

  /** Random bytes behind a header that is right, so that the walk begins. */
  private static byte[] nearlyGood(Packed kind, Random random) {
    var bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    if (bytes.length > 11) {
      bytes[bytes.length - 1] = (byte) 0xff;
      if (kind == Packed.LISTPACK || kind == Packed.ZIPLIST) {
        Arrays.fill(bytes, 0, 4, (byte) 0);
        bytes[0] = (byte) bytes.length;
      }
      if (kind == Packed.ZIPLIST) {
        bytes[10] = 0;
      }
      if (kind == Packed.INTSET) {
        Arrays.fill(bytes, 0, 8, (byte) 0);
        bytes[0] = (byte) (2 << random.nextInt(3));
        bytes[4] = (byte) ((bytes.length - 8) / bytes[0]);
      }
    }
    return bytes;
  }

  private int fault(Packed kind, byte[] bytes, byte follower) {
    var padded = Arrays.copyOf(bytes, bytes.length + 64);
    Arrays.fill(padded, bytes.length, padded.length, follower);
    memory.clear();
    memory.put(padded);
    return kind.fault(memory.address(), bytes.length);
  }
}
