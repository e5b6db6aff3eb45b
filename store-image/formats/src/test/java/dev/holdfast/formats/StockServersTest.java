package dev.holdfast.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.aof.AofNames;
import dev.holdfast.formats.aof.AofWriter;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.check.RdbChecker;
import dev.holdfast.formats.check.Verdict;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import dev.holdfast.formats.rdb.RdbOptions;
import dev.holdfast.formats.rdb.RdbVisitor.Checksum;
import dev.holdfast.formats.rdb.RdbWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock servers and their check tools read what is written here, and the other way round. */
class StockServersTest {
  private static final AofNames NAMES = new AofNames("appendonly.aof");
  private static final long FAR_FUTURE = 4_000_000_000_000L;

  private Path dir;

  @AfterEach
  void removeFolder() throws IOException {
    if (dir != null) {
      PeerServer.delete(dir);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS7_SERVER", "VALKEY_SERVER", "REDIS8_SERVER"})
  void loadAnAofThatWeWrote(String server) throws Exception {
    dir = PeerServer.folder(server);
    writeAof(dir);

    try (var peer = PeerServer.start(server, dir, "--appendonly", "yes")) {
      assertThat(peer.ask("DBSIZE")).isEqualTo("6");
      assertThat(peer.ask("GET", "text")).isEqualTo("x".repeat(5000));
      assertThat(peer.ask("GET", "number")).isEqualTo("-12345");
      assertThat(peer.ask("GET", "binary")).isEqualTo("\0\r\n\u00ff");
      assertThat(peer.ask("PEXPIRETIME", "expiring")).isEqualTo("" + FAR_FUTURE);
      assertThat(peer.ask("GET", "appended")).isEqualTo("yes");
      assertThat(peer.ask("GET", "in transaction")).isEqualTo("yes");
    }
  }

  @Test
  void redisCheckAofAcceptsAnAofThatWeWrote() throws Exception {
    var tool = PeerServer.program("REDIS7_CHECK_AOF");
    dir = Files.createTempDirectory("holdfast-formats-");
    writeAof(dir);

    var output = run(tool, DataFolder.withDefaults(dir).appendDir().resolve(NAMES.manifest()));
    assertThat(output).contains("All AOF files and manifest are valid");
  }

  @Test
  void redisCheckAofFindsTheSamePlaceInADamagedTail() throws Exception {
    var tool = PeerServer.program("REDIS7_CHECK_AOF");
    dir = Files.createTempDirectory("holdfast-formats-");
    writeAof(dir);
    var incr = dir.resolve("appendonlydir").resolve(NAMES.incr(1));
    var good = Files.readAllBytes(incr);
    // The stock tool calls a torn annotation good, so the comparison starts behind the two at the
    // start.
    int annotations = "#TS:1700000000\r\n#holdfast:anything\r\n".length();
    for (int cut = annotations; cut < good.length; cut += 3) {
      Files.write(incr, Arrays.copyOf(good, cut));
      var output = run(tool, incr);
      var check = new AofChecker(Progress.NONE).checkFile(incr).files().getFirst();

      assertThat(output)
          .as("cut after %d bytes", cut)
          .contains(
              "ok_up_to=%d, ok_up_to_line=%d, diff=%d"
                  .formatted(check.okUpTo(), check.okUpToLine(), cut - check.okUpTo()));
    }
  }

  @Test
  void redisCheckRdbAcceptsAFileThatWeWrote() throws Exception {
    var tool = PeerServer.program("REDIS7_CHECK_RDB");
    dir = Files.createTempDirectory("holdfast-formats-");
    var file = dir.resolve("dump.rdb");
    Files.write(file, rdb());

    var output = run(tool, file);
    assertThat(output)
        .contains("Checksum OK", "RDB looks OK!", "4 keys read", "1 expires", "0 already expired");
    var check = new RdbChecker(InstantSource.system(), Progress.NONE).check(file);
    assertThat(check.isGood()).isTrue();
    assertThat(check.keys()).isEqualTo(4);
    assertThat(check.expires()).isEqualTo(1);
    assertThat(check.expired()).isZero();
    assertThat(check.checksum()).contains(Checksum.GOOD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS7_SERVER", "VALKEY_SERVER", "REDIS8_SERVER"})
  void valuesOfAllTheirTypesAreWalked(String server) throws Exception {
    dir = PeerServer.folder(server);
    try (var peer = PeerServer.start(server, dir, "--appendonly", "yes")) {
      fill(peer);
      long keys = Long.parseLong(peer.ask("DBSIZE"));
      peer.run("SAVE");
      var check =
          new RdbChecker(InstantSource.system(), Progress.NONE).check(dir.resolve("dump.rdb"));

      assertThat(check.message()).isEmpty();
      assertThat(check.keys()).isEqualTo(keys);
      assertThat(check.expires()).isEqualTo(1);
      assertThat(check.functions()).isEqualTo(1);
      assertThat(check.keysByType().keySet())
          .containsExactly("hash", "list", "set", "stream", "string", "zset");
      assertThat(check.checksum()).contains(Checksum.GOOD);
    }
    var aof = new AofChecker(Progress.NONE).checkData(DataFolder.withDefaults(dir));
    assertThat(aof.message()).isEmpty();
    assertThat(aof.verdict()).isEqualTo(Verdict.CLEAN);
  }

  /**
   * A base with four strings in two databases, an incremental file with annotations and a
   * transaction.
   */
  private static void writeAof(Path dir) throws IOException {
    var folder = Files.createDirectories(dir.resolve("appendonlydir"));
    var manifest = Manifest.empty().rewritten(NAMES, BaseFormat.RDB, 1).withNextIncr(NAMES);
    Files.write(folder.resolve(NAMES.manifest()), manifest.encode());
    Files.write(folder.resolve(manifest.base().orElseThrow().name()), rdb());
    try (var buffer = new NativeBuffer(64)) {
      var writer = new AofWriter(buffer);
      writer
          .timestamp(1_700_000_000)
          .annotation(ascii("holdfast:anything"))
          .command(words("SELECT", "0"));
      writer.command(words("SET", "appended", "no")).command(words("SET", "appended", "yes"));
      writer.command(words("MULTI"));
      writer.command(words("SET", "in transaction", "yes"));
      writer
          .command(words("SET", "other", "1"))
          .command(words("DEL", "other"))
          .command(words("EXEC"));
      Files.write(
          folder.resolve(manifest.lastIncr().orElseThrow().name()),
          Raw.bytes(buffer.address(), (int) buffer.length()));
    }
  }

  private static byte[] rdb() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var writer =
        new RdbWriter(
            slice -> bytes.writeBytes(slice.toArray(ValueLayout.JAVA_BYTE)), RdbOptions.DEFAULT)) {
      writer.start();
      writer.standardAux("7.2.4", 1_700_000_000, 1024, true);
      writer.selectDb(0);
      writer.resizeDb(4, 1);
      entry(writer, "text", "x".repeat(5000), -1);
      entry(writer, "number", "-12345", -1);
      entry(writer, "binary", "\0\r\n\u00ff", -1);
      entry(writer, "expiring", "later", FAR_FUTURE);
      writer.end();
    }
    return bytes.toByteArray();
  }

  private static void entry(RdbWriter writer, String key, String value, long expireAt)
      throws IOException {
    try (var k = Native.copy(key);
        var v = Native.copy(value)) {
      writer.entry(k.address(), key.length(), v.address(), value.length(), expireAt);
    }
  }

  /** Small and large values of every type, so that every encoding the server has is written. */
  private static void fill(PeerServer peer) throws IOException {
    peer.run("SET", "string", "hello")
        .run("SET", "int", "123456789")
        .run("SET", "lzf", "ab".repeat(5000));
    peer.run("SET", "expiring", "x", "PXAT", "" + FAR_FUTURE);
    peer.run("RPUSH", "list", "1", "two", "-300", "70000", "5000000000", "x".repeat(200));
    peer.run("RPUSH", "plain list", "y".repeat(20_000));
    peer.run("SADD", "intset16", "1", "2").run("SADD", "intset64", "1", "5000000000");
    peer.run("SADD", "set", "a", "1", "b").run("HSET", "hash", "f", "v", "n", "12");
    peer.run("ZADD", "zset", "1.5", "a", "+inf", "b", "-inf", "c");
    for (int i = 0; i < 1500; i++) {
      peer.run("RPUSH", "large list", "element " + i + "x".repeat(i % 300));
      peer.run("SADD", "large set", "member " + i);
      peer.run("HSET", "large hash", "field " + i, "value " + i);
      peer.run("ZADD", "large zset", "" + i / 7.0, "member " + i);
      peer.run("XADD", "stream", (i + 1) + "-1", "f", "v" + i, "n", "" + i);
    }
    peer.run("XADD", "stream", "2000-1", "other", "field");
    peer.run("XDEL", "stream", "5-1");
    peer.run("XGROUP", "CREATE", "stream", "group", "0");
    peer.run("XREADGROUP", "GROUP", "group", "consumer", "COUNT", "10", "STREAMS", "stream", ">");
    peer.run("PFADD", "hyperloglog", "a", "b", "c");
    peer.run(
        "FUNCTION",
        "LOAD",
        "#!lua name=lib\nredis.register_function('f', function() return 1 end)");
    for (var hash : List.of("hash", "large hash")) {
      var reply =
          peer.ask(
              "HPEXPIREAT",
              hash,
              "" + FAR_FUTURE,
              "FIELDS",
              "1",
              hash.equals("hash") ? "f" : "field 7");
      assertThat(reply).matches("\\[1]|-ERR unknown command.*");
    }
  }

  private static String run(String tool, Path argument) throws IOException, InterruptedException {
    var process = new ProcessBuilder(tool, argument.toString()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    process.waitFor();
    return output;
  }

  private static byte[][] words(String... words) {
    return List.of(words).stream().map(StockServersTest::ascii).toArray(byte[][]::new);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
