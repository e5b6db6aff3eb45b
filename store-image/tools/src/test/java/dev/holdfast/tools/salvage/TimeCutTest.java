package dev.holdfast.tools.salvage;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.ONE_INCR;
import static dev.holdfast.tools.check.AofSamples.RDB;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.command;
import static dev.holdfast.tools.check.AofSamples.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tools.check.CheckAof;
import dev.holdfast.tools.check.StockServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast-check-aof --truncate-to-timestamp T --into DIR}. */
class TimeCutTest {

  private static final byte[] AT_100 = stamped(100, "a");
  private static final byte[] AT_200 = stamped(200, "b");
  private static final byte[] AT_300 = stamped(300, "c");

  @TempDir Path folder;
  private final Map<String, byte[]> files = new HashMap<>();
  private String output = "";

  private static byte[] stamped(int seconds, String key) {
    return join(ascii("#TS:" + seconds + "\r\n"), command("SELECT", "0"), command("SET", key, "1"));
  }

  @BeforeEach
  void a_base_and_two_incremental_files() {
    files.put(MANIFEST, TWO_INCRS);
    files.put(BASE, TWO_KEYS);
    files.put(INCR, join(AT_100, AT_200));
    files.put(INCR_2, AT_300);
  }

  @Test
  void later_files_are_left_out_and_the_one_of_that_time_is_cut() throws IOException {
    assertThat(cutTo(150)).isZero();

    assertThat(written(MANIFEST)).hasBinaryContent(ONE_INCR);
    assertThat(written(BASE)).hasBinaryContent(TWO_KEYS);
    assertThat(written(INCR)).hasBinaryContent(AT_100);
    assertThat(written(INCR_2)).doesNotExist();
    assertThat(output).contains("Successfully truncated to timestamp 150");
  }

  @Test
  void the_originals_are_not_touched() throws IOException {
    assertThat(cutTo(150)).isZero();

    for (var file : files.entrySet()) {
      assertThat(folder.resolve("appendonlydir").resolve(file.getKey()))
          .hasBinaryContent(file.getValue());
    }
    assertThat(folder.resolve("quarantine")).doesNotExist();
  }

  @Test
  void a_time_between_two_files_takes_the_first_as_a_whole() throws IOException {
    assertThat(cutTo(250)).isZero();

    assertThat(written(INCR)).hasBinaryContent(join(AT_100, AT_200));
    assertThat(written(INCR_2)).isEmptyFile();
  }

  @Test
  void a_time_after_the_last_stamp_takes_everything_and_says_so() throws IOException {
    assertThat(cutTo(300)).isZero();

    assertThat(written(INCR_2)).hasBinaryContent(AT_300);
    assertThat(output).contains("Nothing is later than timestamp 300");
  }

  @Test
  void damage_behind_that_time_does_not_matter() throws IOException {
    files.put(INCR_2, join(AT_300, ascii("garbage")));

    assertThat(cutTo(250)).isZero();
  }

  @Test
  void damage_before_that_time_is_an_error_and_nothing_is_written() throws IOException {
    files.put(INCR, join(ascii("garbage"), AT_100));

    assertThat(cutTo(250)).isEqualTo(1);

    assertThat(output).contains("is damaged before timestamp 250 is reached: expected '*'");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void a_base_that_was_written_later_cannot_be_taken_back() throws IOException {
    files.put(BASE, RDB);

    assertThat(cutTo(1795357243)).isEqualTo(1);
    assertThat(output)
        .contains("was written at 1795357244")
        .contains("has nothing before timestamp 1795357243, aborting...");

    assertThat(cutTo(1795357244)).isZero();
    assertThat(written(BASE)).hasBinaryContent(RDB);
  }

  @Test
  void a_transaction_is_never_cut_in_two() throws IOException {
    files.put(
        INCR,
        join(
            AT_100, command("MULTI"), ascii("#TS:200\r\n"), command("INCR", "n"), command("EXEC")));

    assertThat(cutTo(150)).isZero();

    assertThat(written(INCR)).hasBinaryContent(AT_100);
  }

  @Test
  void a_stock_server_opens_it() throws IOException {
    assertThat(cutTo(250)).isZero();

    try (var server = new StockServer(folder.resolve("new"), folder.resolve("log"))) {
      assertThat(server.ask("GET b")).isEqualTo("1");
      assertThat(server.ask("EXISTS c")).isEqualTo(":0");
    }
  }

  @Test
  void a_folder_needs_a_time() {
    assertThat(run("--into", "new", "x")).isEqualTo(1);
    assertThat(output).startsWith("Usage: holdfast-check-aof");
  }

  private Path written(String name) {
    return folder.resolve("new/appendonlydir").resolve(name);
  }

  private int cutTo(long time) throws IOException {
    var data = Files.createDirectories(folder.resolve("appendonlydir"));
    for (var file : files.entrySet()) {
      Files.write(data.resolve(file.getKey()), file.getValue());
    }
    return run(
        "--truncate-to-timestamp",
        Long.toString(time),
        "--into",
        folder.resolve("new").toString(),
        data.resolve(MANIFEST).toString());
  }

  private int run(String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode =
        CheckAof.run(arguments, InputStream.nullInputStream(), out, InstantSource.system());
    output = bytes.toString(StandardCharsets.UTF_8);
    return exitCode;
  }
}
