package dev.holdfast.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.aof.TestLog;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.offheap.Raw;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged input of every kind, from fixed seeds: each parser ends in one of its declared results. A
 * failure prints the input.
 *
 * <p>{@code -Dholdfast.fuzz.rounds=N} runs longer.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FuzzTest {
  private static final int ROUNDS = Integer.getInteger("holdfast.fuzz.rounds", 20_000);

  private static final byte[] MANIFEST =
      ascii(
          """
          # comment
          file "a \\x41.1.base.rdb" seq 1 type b
          file a.1.incr.aof seq 1 type h
          file a.2.incr.aof seq 2 type i startoffset 1 endoffset 2 other 'x y'
          """);

  private static final byte[] AOF =
      ascii(
          "#TS:1700000000\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"
              + "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\nvalue*1\r\n$4x\r\n"
              + "*1\r\n$4\r\nEXEC\r\n*2\r\n$3\r\nDEL\r\n$0\r\n\r\n");

  /** One value of every kind: plain, packed, compressed, stream, module. */
  private static final byte[] RDB =
      HexFormat.of()
          .parseHex(
              ("524544495330303131 fa 0161 c203020100 f5 0462616461 f7 05 02 02 00 fe00 fb 05 02"
                      + " fc 0102030405060708 00 016b 0176 f9 07 00 016c c3 06 0b 01 6161 e0 00 00"
                      + " 01 016d 02 0161 c005 0e 016e 01 11 11000000 0e000000 0200 00026162 04fd ff"
                      + " 10 016f 0e 0e000000 0100 8568656c6c6f 06 ff"
                      + " 09 0170 0b 01 03666f6f 03 00 626172 ff 0b 0171 0c 02000000 02000000 0100 0200"
                      + " 15 0172 01 10 00000000000000010000000000000000"
                      + " 0e 0e000000 0100 8568656c6c6f 06 ff 01 01 00 01 00 00 00 01 01 0167 01 00 01 01"
                      + " 00000000000000010000000000000000 0102030405060708 01 01 0163"
                      + " 01020304050607080102030405060708 01 00000000000000010000000000000000"
                      + " 07 0173 81 0102030405060708 01 05 03 00000000 05 0161 00"
                      + " 18 0174 0102030405060708 01 05 0166 0176 ff 0000000000000000")
                  .replace(" ", ""));

  @TempDir Path dir;

  @Test
  void theSamplesAreGood() throws IOException {
    Manifest.parse(MANIFEST, "manifest");
    assertThat(readAof(AOF, AofLimits.REPLAY)).isEqualTo(Item.END);
    assertThat(readRdb(RDB, true)).isTrue();
    assertThat(readRdb(RDB, false)).isTrue();
  }

  @Test
  void manifests() {
    each(
        MANIFEST,
        bytes -> {
          try {
            var manifest = Manifest.parse(bytes, "manifest");
            if (!manifest.isEmpty()) {
              assertThat(Manifest.parse(manifest.encode(), "again")).isEqualTo(manifest);
            }
          } catch (ManifestException expected) {
            assertThat(expected).hasMessageContaining("manifest, line ");
          }
        });
  }

  @Test
  void appendOnlyFiles() {
    each(
        AOF,
        bytes -> {
          var end = readAof(bytes, AofLimits.REPLAY);
          assertThat(readAof(bytes, new AofLimits(1 << 20, 1 << 30, 30, true))).isEqualTo(end);
        });
  }

  /**
   * Whatever happens to a log: what counts of it is a prefix of what was written, unless the damage
   * took all its lines or made up a stock server's {@code SELECT}.
   */
  @Test
  void logs() throws IOException {
    var log = new TestLog(70).annotation("TS:1").select(2).command("SET", "k", "#G12:").group();
    log.command("MULTI").command("SET", "k", "v\r\n#M0:").command("EXEC").synced().mark().mark();
    log.command("SET", "k", "w").group().select(0).command("DEL", "k").group().flush();
    var commands = commands(log.bytes());
    assertThat(commands).hasSize(8);
    each(
        log.bytes(),
        2 * ROUNDS,
        bytes -> {
          try (var source = Native.source(bytes)) {
            var reader = new GroupReader(source, AofLimits.CHECK);
            Item item;
            do {
              item = reader.next();
            } while (item == Item.COMMAND || item == Item.ANNOTATION);
            int good = (int) reader.lastGoodOffset();
            assertThat(good).isBetween(0, bytes.length);
            if (item == Item.END) {
              assertThat(good).isEqualTo(bytes.length);
            }
            if (reader.hasLines() && !reader.stockTail()) {
              assertThat(commands.subList(0, (int) reader.commands()))
                  .isEqualTo(commands(Arrays.copyOf(bytes, good)));
            }
          }
        });
  }

  @Test
  void checkedLogs() throws IOException {
    var file = dir.resolve("log.aof");
    var log = new TestLog(0).command("SET", "k", "1").group().command("SET", "k", "2").group();
    log.command("MULTI").command("INCR", "k").command("EXEC").synced().mark();
    log.command("SET", "k", "*3\r\n").group().command("DEL", "k").synced().mark();
    each(
        log.bytes(),
        ROUNDS / 20,
        bytes -> {
          Files.write(file, bytes);
          var check = new AofChecker(Progress.NONE).checkFile(file);
          var first = check.files().getFirst();
          assertThat(first.okUpTo()).isBetween(0L, (long) bytes.length);
          assertThat(check.promisedBytes()).isBetween(0L, check.bytesAtStake());
          assertThat(check.verdict().isGood())
              .isEqualTo(check.message().isEmpty() || bytes.length == 0);
        });
  }

  @Test
  void snapshots() {
    each(
        RDB,
        bytes -> {
          boolean good = readRdb(bytes, true);
          assertThat(readRdb(bytes, false)).isEqualTo(good);
        });
  }

  @Test
  void checkedFiles() {
    var file = dir.resolve("file.aof");
    var both = new byte[RDB.length + 2 * AOF.length];
    System.arraycopy(RDB, 0, both, 0, RDB.length);
    System.arraycopy(AOF, 0, both, RDB.length, AOF.length);
    System.arraycopy(AOF, 0, both, RDB.length + AOF.length, AOF.length);
    for (var sample : new byte[][] {AOF, both}) {
      each(
          sample,
          ROUNDS / 20,
          bytes -> {
            Files.write(file, bytes);
            var check = new AofChecker(Progress.NONE).checkFile(file);
            var first = check.files().getFirst();
            assertThat(first.okUpTo()).isBetween(0L, (long) bytes.length);
            assertThat(first.bytesAfter()).isBetween(0L, (long) bytes.length);
            assertThat(check.verdict().isGood())
                .isEqualTo(check.message().isEmpty() || bytes.length == 0);
          });
    }
  }

  @Test
  void reports() {
    each(
        ascii("{\"id\": \"x\", \"list\": [1, true, null, {\"a\": \"\\u0041\\n\"}], \"n\": -12}"),
        bytes -> {
          try {
            Report.parse(new String(bytes, StandardCharsets.ISO_8859_1));
          } catch (IllegalArgumentException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
          }
        });
  }

  private interface Parse {
    void of(byte[] bytes) throws IOException;
  }

  private static void each(byte[] sample, Parse parse) {
    each(sample, ROUNDS, parse);
  }

  private static void each(byte[] sample, int rounds, Parse parse) {
    for (int seed = 0; seed < rounds; seed++) {
      var bytes = damaged(sample, new Random(seed));
      try {
        parse.of(bytes);
      } catch (IOException | RuntimeException | Error e) {
        throw new AssertionError("seed %d: %s".formatted(seed, HexFormat.of().formatHex(bytes)), e);
      }
    }
  }

  /** Some bytes changed, inserted, removed, repeated or cut off. */
  private static byte[] damaged(byte[] sample, Random random) {
    var bytes = sample.clone();
    for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
      bytes =
          switch (random.nextInt(6)) {
            case 0 -> splice(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 1 ->
                splice(bytes, at, 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
            case 2 -> splice(bytes, at, length, new byte[0]);
            case 3 -> splice(bytes, at, 0, new byte[random.nextInt(12)]);
            case 4 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            default -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
          };
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    var result = new byte[bytes.length - removed + inserted.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(
        bytes, at + removed, result, at + inserted.length, bytes.length - at - removed);
    return result;
  }

  private static Item readAof(byte[] bytes, AofLimits limits) throws IOException {
    try (var source = Native.source(bytes)) {
      var reader = new AofReader(source, limits);
      Item item;
      long before = -1;
      while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
        assertThat(reader.endOffset()).isGreaterThan(before).isLessThanOrEqualTo(bytes.length);
        before = reader.endOffset();
      }
      return item;
    }
  }

  private static List<String> commands(byte[] bytes) throws IOException {
    try (var source = Native.source(bytes)) {
      var reader = new AofReader(source, AofLimits.REPLAY);
      var commands = new ArrayList<String>();
      Item item;
      while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
        var text = new StringBuilder();
        for (int i = 0; i < reader.argCount(); i++) {
          text.append(
                  new String(
                      Raw.bytes(reader.argAddress(i), reader.argLength(i)),
                      StandardCharsets.ISO_8859_1))
              .append('|');
        }
        if (item == Item.COMMAND) {
          commands.add(text.toString());
        }
      }
      return commands;
    }
  }

  private static boolean readRdb(byte[] bytes, boolean keepsValues) throws IOException {
    RdbVisitor visitor =
        new RdbVisitor() {
          @Override
          public void string(long key, int keyLength, long value, int length, RdbEntry entry) {
            if (keepsValues) {
              Native.touch(value, length);
            }
          }

          @Override
          public boolean unsupported(long key, int keyLength, RdbEntry entry) {
            return true;
          }

          @Override
          public boolean keepsValues() {
            return keepsValues;
          }
        };
    try (var source = Native.source(bytes)) {
      new RdbReader(source).read(visitor);
      return true;
    } catch (RdbException expected) {
      assertThat(expected.offset()).isBetween(0L, (long) bytes.length);
      return false;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
