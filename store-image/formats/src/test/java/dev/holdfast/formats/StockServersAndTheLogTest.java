package dev.holdfast.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.aof.TestLog;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.check.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock servers take a log with lines of ours for one of theirs, and what they append is good. */
class StockServersAndTheLogTest {
  private static final String INCR = "appendonlydir/appendonly.aof.1.incr.aof";

  private Path dir;

  @AfterEach
  void removeFolder() throws IOException {
    if (dir != null) {
      PeerServer.delete(dir);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS7_SERVER", "VALKEY_SERVER", "REDIS8_SERVER"})
  void aStockServerLoadsALogAndGoesOnWithIt(String server) throws Exception {
    dir = PeerServer.folder(server);
    var log = write();
    var ours = check().files().getLast().log().orElseThrow();

    try (var peer = PeerServer.start(server, dir, "--appendonly", "yes", "--save", "")) {
      assertThat(peer.ask("GET", "a")).isEqualTo("2");
      peer.run("SELECT", "3");
      assertThat(peer.ask("GET", "in transaction")).isEqualTo("yes");
      peer.run("SET", "by stock", "yes").run("MULTI").run("SET", "x", "1").run("SET", "y", "2");
      peer.run("EXEC");
    }

    var check = check();
    assertThat(check.message()).isEmpty();
    assertThat(check.verdict()).isEqualTo(Verdict.CLEAN);
    var incr = check.files().getLast();
    assertThat(incr.okUpTo()).isEqualTo(incr.size()).isGreaterThan(log.length);
    assertThat(incr.log().orElseThrow().end()).isGreaterThan(ours.end());
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS7_SERVER", "VALKEY_SERVER", "REDIS8_SERVER"})
  void whatAStockServerAppendedIsCutAtItsLastCommandAfterItWasKilled(String server)
      throws Exception {
    dir = PeerServer.folder(server);
    write();
    try (var peer = PeerServer.start(server, dir, "--appendonly", "yes", "--save", "")) {
      peer.run("SET", "by stock", "yes").run("SET", "by stock", "again");
    }
    var whole = Files.readAllBytes(dir.resolve(INCR));
    var last = TestLog.resp("SET", "by stock", "again");
    assertThat(new String(whole, StandardCharsets.ISO_8859_1)).endsWith(last);
    Files.write(dir.resolve(INCR), Arrays.copyOf(whole, whole.length - 5));

    var check = check();
    assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(check.offset()).hasValue(whole.length - last.length());
  }

  @Test
  void redisCheckAofAcceptsALog() throws Exception {
    var tool = PeerServer.program("REDIS7_CHECK_AOF");
    dir = Files.createTempDirectory("holdfast-formats-");
    write();

    var manifest = dir.resolve("appendonlydir/appendonly.aof.manifest");
    var process = new ProcessBuilder(tool, manifest.toString()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(output).contains("All AOF files and manifest are valid");
    assertThat(process.waitFor()).isZero();
  }

  /** All kinds of lines, a time stamp, a SELECT of ours outside and inside of a transaction. */
  private byte[] write() throws IOException {
    var log = new TestLog(0).annotation("TS:1700000000").select(0).command("SET", "a", "1").group();
    log.command("MULTI").command("SET", "b", "1").select(3);
    log.command("SET", "in transaction", "yes").command("EXEC").group().synced().mark();
    log.select(0).command("SET", "a", "2").mark().mark();
    Files.createDirectories(dir.resolve("appendonlydir"));
    Files.writeString(
        dir.resolve("appendonlydir/appendonly.aof.manifest"),
        "file appendonly.aof.1.incr.aof seq 1 type i\n");
    Files.write(dir.resolve(INCR), log.bytes());
    return log.bytes();
  }

  private AofCheck check() throws IOException {
    return new AofChecker(Progress.NONE).checkData(DataFolder.withDefaults(dir));
  }
}
