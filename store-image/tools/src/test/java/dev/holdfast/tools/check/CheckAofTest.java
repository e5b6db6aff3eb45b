package dev.holdfast.tools.check;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.ONE_INCR;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.command;
import static dev.holdfast.tools.check.AofSamples.flipped;
import static dev.holdfast.tools.check.AofSamples.join;
import static dev.holdfast.tools.check.AofSamples.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.storage.DirectoryLock;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.formats.check.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code holdfast-check-aof} does beyond the stock tool, and where it differs on purpose. */
class CheckAofTest {

  private static final byte[] GARBAGE = ascii("garbage!!");

  @TempDir Path data;

  @Test
  void a_fix_keeps_what_it_cuts_in_quarantine_with_the_report() throws IOException {
    var aof = multiPart(join(TWO_KEYS, GARBAGE));

    assertThat(run("", "--fix", "--yes", manifest()).exitCode()).isZero();

    assertThat(aof).hasBinaryContent(TWO_KEYS);
    var quarantine = onlyQuarantine();
    assertThat(quarantine.resolve(INCR + "." + TWO_KEYS.length)).hasBinaryContent(GARBAGE);
    var report = Report.parse(Files.readString(quarantine.resolve("report.json")));
    assertThat(report.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(report.state()).isEqualTo(State.REPAIRED);
    assertThat(report.reason()).isEqualTo(Reason.GRANTED);
    assertThat(report.dropped().orElseThrow().bytes()).isEqualTo(GARBAGE.length);
  }

  @Test
  void a_cut_to_a_time_stamp_keeps_what_it_cuts_in_quarantine() throws IOException {
    byte[] later = join(ascii("#TS:200\r\n"), command("SET", "late", "1"));
    var file = Files.write(data.resolve("a.aof"), join(ascii("#TS:100\r\n"), TWO_KEYS, later));

    assertThat(run("", "--truncate-to-timestamp", "150", file.toString()).exitCode()).isZero();

    long kept = Files.size(file);
    assertThat(onlyQuarantine().resolve("a.aof." + kept)).hasBinaryContent(later);
  }

  @Test
  void a_cut_to_a_time_stamp_never_leaves_half_a_transaction() throws IOException {
    byte[] transaction =
        join(
            command("MULTI"),
            command("SET", "a", "1"),
            ascii("#TS:200\r\n"),
            command("SET", "b", "1"),
            command("EXEC"));
    var file = Files.write(data.resolve("a.aof"), join(TWO_KEYS, transaction));

    assertThat(run("", "--truncate-to-timestamp", "150", file.toString()).exitCode()).isZero();

    assertThat(file).hasBinaryContent(TWO_KEYS);
  }

  @Test
  void a_flipped_bit_in_a_value_is_found_where_the_stock_tool_sees_nothing() throws IOException {
    byte[] first = new CheckedLog().group(TWO_KEYS).bytes();
    byte[] log = new CheckedLog().group(TWO_KEYS).group(command("SET", "key", "value")).bytes();
    int value = new String(log, StandardCharsets.ISO_8859_1).indexOf("value");
    multiPart(flipped(log, value));

    var run = run("", manifest());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("ok_up_to=" + first.length).contains("bytes with CRC");
  }

  @Test
  void a_group_whose_line_is_cut_goes_whole_because_it_was_never_acknowledged() throws IOException {
    byte[] first = new CheckedLog().group(TWO_KEYS).bytes();
    byte[] log = new CheckedLog().group(TWO_KEYS).group(command("SET", "key", "value")).bytes();
    var aof = multiPart(without(log, 3));

    assertThat(run("", "--fix", "--yes", manifest()).exitCode()).isZero();

    assertThat(aof).hasBinaryContent(first);
    assertThat(run("", manifest()).exitCode()).isZero();
  }

  @Test
  void a_file_that_does_not_begin_where_the_one_before_ends_is_not_valid() throws IOException {
    var first = new CheckedLog().group(TWO_KEYS);
    var second = new CheckedLog(first.offset()).group(command("SET", "key", "value"));
    twoFiles(first.bytes(), second.bytes());
    assertThat(run("", manifest()).exitCode()).isZero();

    twoFiles(new CheckedLog().bytes(), second.bytes());
    var run = run("", manifest());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output())
        .contains("a file that begins at logical offset 0 of the log")
        .contains("AOF " + INCR_2 + " is not valid");
  }

  @Test
  void zeros_that_a_log_was_filled_ahead_with_are_cut_in_any_file() throws IOException {
    var first = new CheckedLog().group(TWO_KEYS);
    var second = new CheckedLog(first.offset()).group(command("SET", "key", "value"));
    var files = twoFiles(join(first.bytes(), new byte[100]), join(second.bytes(), new byte[200]));

    assertThat(run("", manifest()).exitCode()).isEqualTo(1);
    assertThat(run("", "--fix", "--yes", manifest()).exitCode()).isZero();

    assertThat(files.getFirst()).hasBinaryContent(first.bytes());
    assertThat(files.getLast()).hasBinaryContent(second.bytes());
  }

  @Test
  void a_half_written_annotation_is_damage_because_it_would_swallow_the_next_command()
      throws IOException {
    var file = Files.write(data.resolve("a.aof"), join(TWO_KEYS, ascii("#TS:17")));

    var run = run("", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("ok_up_to=" + TWO_KEYS.length).contains("diff=6");
  }

  @Test
  void nothing_is_cut_while_another_program_writes() throws IOException {
    var aof = multiPart(join(TWO_KEYS, GARBAGE));

    try (var held = DirectoryLock.acquire(data, "holdfast-server, process 17")) {
      assertThat(held).isNotNull();
      var run = run("y\n", "--fix", manifest());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output())
          .contains(data + " is in use by holdfast-server, process 17; stop it first");
    }
    assertThat(aof).hasBinaryContent(join(TWO_KEYS, GARBAGE));
    assertThat(data.resolve("quarantine")).doesNotExist();
  }

  @Test
  void nothing_is_cut_while_another_repair_is_not_complete() throws IOException {
    var aof = multiPart(join(TWO_KEYS, GARBAGE));
    Files.createDirectories(data.resolve("holdfast"));
    var steps = Files.writeString(data.resolve("holdfast/repair"), "quarantine/x\nmove dump.rdb\n");

    var run = run("", "--fix", "--yes", manifest());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("run holdfast-prepare --once on it first");
    assertThat(aof).hasBinaryContent(join(TWO_KEYS, GARBAGE));
    assertThat(steps).hasContent("quarantine/x\nmove dump.rdb");
  }

  @Test
  void the_json_report_is_all_that_is_printed_and_names_what_to_run() throws IOException {
    multiPart(join(TWO_KEYS, GARBAGE));

    var run = run("", "--report", "json", manifest());

    assertThat(run.exitCode()).isEqualTo(1);
    var report = Report.parse(run.output());
    assertThat(report.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(report.state()).isEqualTo(State.FOUND);
    assertThat(report.file()).contains("appendonlydir/" + INCR);
    assertThat(report.offset()).hasValue(TWO_KEYS.length);
    assertThat(report.action()).startsWith("run again with --fix --yes: 9 bytes");
  }

  @Test
  void the_json_report_of_a_good_aof_passes() throws IOException {
    multiPart(TWO_KEYS);

    var run = run("", "--report", "json", manifest());

    assertThat(run.exitCode()).isZero();
    assertThat(Report.parse(run.output()).state()).isEqualTo(State.PASSED);
  }

  @Test
  void a_repair_with_a_json_report_must_not_ask() throws IOException {
    var aof = multiPart(join(TWO_KEYS, GARBAGE));

    assertThat(run("y\n", "--fix", "--report", "json", manifest()).output()).startsWith("Usage: ");
    assertThat(aof).hasBinaryContent(join(TWO_KEYS, GARBAGE));

    var run = run("", "--fix", "--yes", "--report", "json", manifest());

    assertThat(run.exitCode()).isZero();
    assertThat(Report.parse(run.output()).state()).isEqualTo(State.REPAIRED);
    assertThat(aof).hasBinaryContent(TWO_KEYS);
  }

  @Test
  void damage_that_no_cut_heals_is_not_cut() throws IOException {
    Path base = Files.createDirectories(data.resolve("appendonlydir")).resolve(BASE);
    multiPart(TWO_KEYS);
    Files.write(base, join(TWO_KEYS, GARBAGE));

    var run = run("", "--fix", "--yes", "--report", "json", manifest());

    assertThat(run.exitCode()).isEqualTo(1);
    var report = Report.parse(run.output());
    assertThat(report.verdict()).isEqualTo(Verdict.CORRUPT_BASE);
    assertThat(report.reason()).isEqualTo(Reason.NOT_REPAIRABLE);
    assertThat(base).hasBinaryContent(join(TWO_KEYS, GARBAGE));
  }

  private List<Path> twoFiles(byte[] first, byte[] second) throws IOException {
    var file = multiPart(first);
    Files.write(file.resolveSibling(MANIFEST), TWO_INCRS);
    return List.of(file, Files.write(file.resolveSibling(INCR_2), second));
  }

  private Path multiPart(byte[] incr) throws IOException {
    var folder = Files.createDirectories(data.resolve("appendonlydir"));
    Files.write(folder.resolve(MANIFEST), ONE_INCR);
    Files.write(folder.resolve(BASE), TWO_KEYS);
    return Files.write(folder.resolve(INCR), incr);
  }

  private String manifest() {
    return data.resolve("appendonlydir").resolve(MANIFEST).toString();
  }

  private static ToolRun run(String typed, String... arguments) {
    return ToolRun.checkAof(List.of(arguments), typed);
  }

  private Path onlyQuarantine() throws IOException {
    try (var folders = Files.list(data.resolve("quarantine"))) {
      var all = folders.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  @Test
  void a_file_that_cannot_be_read_is_named() throws IOException {
    // It opens, and its first byte is no memory.
    var run = run("", "/proc/self/mem");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEqualTo("Cannot read file /proc/self/mem: Input/output error\n");
  }
}
