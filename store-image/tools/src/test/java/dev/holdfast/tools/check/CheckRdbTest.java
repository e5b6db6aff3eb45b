package dev.holdfast.tools.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckRdbTest {

  private static final byte[] DUMP = AofSamples.RDB;

  @TempDir Path folder;

  /** A file and what is the matter with it. */
  record Case(String name, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> files() {
    byte[] wrongChecksum = DUMP.clone();
    wrongChecksum[DUMP.length - 1] ^= 1;
    byte[] noChecksum = DUMP.clone();
    Arrays.fill(noChecksum, DUMP.length - 8, DUMP.length, (byte) 0);
    byte[] newVersion = DUMP.clone();
    System.arraycopy("0099".getBytes(StandardCharsets.US_ASCII), 0, newVersion, 5, 4);
    return Stream.of(
        new Case("good", DUMP),
        new Case("wrong checksum", wrongChecksum),
        new Case("no checksum", noChecksum),
        new Case("version of the future", newVersion),
        new Case("cut in the checksum", Arrays.copyOf(DUMP, DUMP.length - 3)),
        new Case("cut in an auxiliary field", Arrays.copyOf(DUMP, 60)),
        new Case("cut in the header", Arrays.copyOf(DUMP, 5)),
        new Case("empty", new byte[0]),
        new Case("text", "this is no RDB file".getBytes(StandardCharsets.US_ASCII)),
        new Case("bytes behind the end", Arrays.copyOf(DUMP, DUMP.length + 3)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void says_what_the_stock_tool_says(Case sample) throws Exception {
    String stock = System.getenv("REDIS7_CHECK_RDB");
    assumeTrue(
        stock != null,
        "REDIS7_CHECK_RDB names no redis-check-rdb of Redis 7: nothing to compare with");
    var file = Files.write(folder.resolve("dump.rdb"), sample.bytes()).toString();

    var expected = ToolRun.process(stock, List.of(file), "");
    var actual = ToolRun.checkRdb(file);

    assertThat(actual.exitCode()).isEqualTo(expected.exitCode());
    assertThat(keyLines(actual.output())).isEqualTo(keyLines(expected.output()));
  }

  @Test
  void damage_is_told_with_its_offset_and_what_was_expected() throws IOException {
    var file =
        Files.write(folder.resolve("dump.rdb"), Arrays.copyOf(DUMP, DUMP.length - 20)).toString();

    var run = ToolRun.checkRdb(file);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output())
        .contains(
            "--- RDB ERROR DETECTED ---\n[offset 168] Unexpected EOF reading RDB file: expected ")
        .contains("[info] 5 keys read");
  }

  @Test
  void behind_the_stock_lines_the_keys_of_each_type_are_counted() throws IOException {
    var file = Files.write(folder.resolve("dump.rdb"), DUMP).toString();

    assertThat(ToolRun.checkRdb(file).output())
        .endsWith("[type] 1 keys are of type list\n[type] 5 keys are of type string\n");
  }

  @Test
  void the_json_report_is_all_that_is_printed() throws IOException {
    var file = Files.write(folder.resolve("dump.rdb"), DUMP).toString();

    var run = ToolRun.checkRdb("--report", "json", file);

    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .startsWith("{\n  \"file\": \"" + file + "\",\n  \"size\": 188,\n  \"good\": true,\n")
        .contains("\"version\": 10", "\"checksum\": \"good\"", "\"keys\": 6", "\"expires\": 2")
        .contains("\"keysByDatabase\": {\n    \"0\": 6\n  }")
        .contains("\"keysByType\": {\n    \"list\": 1,\n    \"string\": 5\n  }")
        .contains("\"redis-ver\": \"7.0.15\"")
        .endsWith("\"errorOffset\": null,\n  \"message\": \"\"\n}\n");
  }

  @Test
  void the_json_report_of_damage_says_where_and_what() throws IOException {
    var file =
        Files.write(folder.resolve("dump.rdb"), Arrays.copyOf(DUMP, DUMP.length - 20)).toString();

    var run = ToolRun.checkRdb("--report", "json", file);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output())
        .contains("\"good\": false", "\"keys\": 5", "\"checksum\": null", "\"errorOffset\": 168")
        .contains("found the end of the file");
  }

  @Test
  void a_mistake_in_the_arguments_is_answered_with_the_usage() {
    assertThat(ToolRun.checkRdb())
        .isEqualTo(new ToolRun(1, "Usage: holdfast-check-rdb [--report json] <rdb-file-name>\n"));
    assertThat(ToolRun.checkRdb("a", "b").exitCode()).isEqualTo(1);
    assertThat(ToolRun.checkRdb("no-such-file").output())
        .isEqualTo("Cannot open file no-such-file: No such file or directory\n");
    assertThat(ToolRun.checkRdb("--version").exitCode()).isZero();
  }

  /**
   * What is found on the way and counted; where exactly damage is noticed, its wording, and the
   * summary by type, are ours.
   */
  private static List<String> keyLines(String output) {
    boolean good = !output.contains("--- RDB ERROR");
    return output
        .lines()
        .filter(line -> !line.startsWith("[type]"))
        .filter(
            line ->
                good
                    || line.matches(
                        "\\[offset \\d+\\] (AUX|Selecting|Checking).*|--- RDB.*|\\[info\\].*"))
        .toList();
  }
}
