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
  void a_mistake_in_the_arguments_is_answered_with_the_usage() {
    assertThat(ToolRun.checkRdb())
        .isEqualTo(new ToolRun(1, "Usage: holdfast-check-rdb <rdb-file-name>\n"));
    assertThat(ToolRun.checkRdb("a", "b").exitCode()).isEqualTo(1);
    assertThat(ToolRun.checkRdb("no-such-file").output())
        .isEqualTo("Cannot open file no-such-file: No such file or directory\n");
    assertThat(ToolRun.checkRdb("--version").exitCode()).isZero();
  }

  /**
   * What is found on the way and counted; where exactly damage is noticed, and its wording, is
   * ours.
   */
  private static List<String> keyLines(String output) {
    boolean good = !output.contains("--- RDB ERROR");
    return output
        .lines()
        .filter(
            line ->
                good
                    || line.matches(
                        "\\[offset \\d+\\] (AUX|Selecting|Checking).*|--- RDB.*|\\[info\\].*"))
        .toList();
  }
}
