package dev.holdfast.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import dev.holdfast.formats.rdb.Lzf;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every reader on a corpus of real and made-up files and on damaged ones: it ends, in one of its
 * declared results, and takes no more memory than the input and a constant, whatever lengths the
 * input claims. See {@link Fuzzer} for how to run it longer.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CorpusTest {
  @Test
  void appendOnlyFiles() throws IOException {
    new Fuzzer("aof", CorpusTest::readAof).run();
  }

  @Test
  void logsWithLines() throws IOException {
    new Fuzzer("aof", CorpusTest::readLog).run();
  }

  @Test
  void manifests() throws IOException {
    new Fuzzer(
            "manifest",
            bytes -> {
              try {
                Manifest.parse(bytes, "manifest");
              } catch (ManifestException expected) {
                assertThat(expected).hasMessageContaining("manifest, line ");
              }
            })
        .run();
  }

  @Test
  void snapshots() throws IOException {
    new Fuzzer("rdb", CorpusTest::readRdb).run();
  }

  @Test
  void compressedStrings() throws IOException {
    new Fuzzer("lzf", CorpusTest::decompress).run();
  }

  private static void readAof(byte[] bytes) throws IOException {
    try (var source = Native.source(bytes)) {
      var reader = new AofReader(source, AofLimits.REPLAY);
      long before = -1;
      for (var item = reader.next();
          item == Item.COMMAND || item == Item.ANNOTATION;
          item = reader.next()) {
        assertThat(reader.endOffset()).isGreaterThan(before).isLessThanOrEqualTo(bytes.length);
        before = reader.endOffset();
        for (int i = 0; i < reader.argCount(); i++) {
          Native.touch(reader.argAddress(i), reader.argLength(i));
        }
      }
    }
  }

  private static void readLog(byte[] bytes) throws IOException {
    try (var source = Native.source(bytes)) {
      var reader = new GroupReader(source, AofLimits.CHECK);
      for (var item = reader.next();
          item == Item.COMMAND || item == Item.ANNOTATION;
          item = reader.next()) {
        assertThat(reader.lastGoodOffset()).isBetween(0L, (long) bytes.length);
      }
      assertThat(reader.lastGoodOffset()).isBetween(0L, (long) bytes.length);
    }
  }

  private static void readRdb(byte[] bytes) throws IOException {
    var visitor =
        new RdbVisitor() {
          @Override
          public void string(long key, int keyLength, long value, int length, RdbEntry entry) {
            Native.touch(key, keyLength);
            Native.touch(value, length);
          }

          @Override
          public boolean unsupported(long key, int keyLength, RdbEntry entry) {
            Native.touch(key, keyLength);
            return true;
          }
        };
    try (var source = Native.source(bytes)) {
      new RdbReader(source).read(visitor);
    } catch (RdbException expected) {
      assertThat(expected.offset()).isBetween(0L, (long) bytes.length);
    }
  }

  /** The first byte is not the compressed string's: it says how long the result is to be. */
  private static void decompress(byte[] bytes) {
    int length = bytes.length == 0 ? 0 : 4 * Byte.toUnsignedInt(bytes[0]);
    try (var source = Native.copy(bytes);
        var target = new NativeBuffer(length + 8L)) {
      target.put(new byte[length]);
      target.put("guard---".getBytes(StandardCharsets.US_ASCII));
      Lzf.decompress(source.address(), bytes.length, target.address(), length);
      assertThat(Raw.bytes(target.address() + length, 8)).asString().isEqualTo("guard---");
    }
  }
}
