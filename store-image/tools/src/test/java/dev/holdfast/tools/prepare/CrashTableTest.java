package dev.holdfast.tools.prepare;

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

import dev.holdfast.formats.check.Verdict;
import dev.holdfast.tools.check.CheckedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each state in which a crash, or a switched-off AOF, can leave a folder, and what {@code
 * holdfast-prepare} makes of it. Where a stock server would lose data it waits for a person and
 * says what there is to do.
 */
class CrashTableTest {

  @TempDir Path data;
  private Volume volume;

  @BeforeEach
  void mount() {
    volume = new Volume(data);
  }

  @Test
  void a_rewrite_stopped_before_the_manifest_names_its_new_file_passes() throws IOException {
    volume.aof(TWO_KEYS);
    Files.createFile(volume.file(INCR_2));
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void a_rewrite_stopped_during_the_snapshot_passes() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file(MANIFEST), TWO_INCRS);
    Files.write(volume.file(INCR_2), TWO_KEYS);
    Files.write(data.resolve("temp-rewriteaof-17.aof"), ascii("half a base"));
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void a_rewrite_stopped_before_the_manifest_names_its_base_passes() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file("appendonly.aof.2.base.rdb"), RDB);
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void a_rewrite_stopped_before_the_old_files_are_deleted_passes() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file("appendonly.aof.2.base.rdb"), RDB);
    Files.write(volume.file(INCR_2), TWO_KEYS);
    Files.writeString(
        volume.file(MANIFEST),
        """
        file appendonly.aof.2.base.rdb seq 2 type b
        file appendonly.aof.1.base.aof seq 1 type h
        file appendonly.aof.1.incr.aof seq 1 type h
        file appendonly.aof.2.incr.aof seq 2 type i
        """);
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void a_missing_manifest_beside_files_waits_and_names_them() throws IOException {
    volume.aof(TWO_KEYS);
    Files.delete(volume.file(MANIFEST));
    assertParks(
        Verdict.UNCLAIMED_FILES,
        "no manifest names " + BASE + " and 1 more; a server would ignore or overwrite",
        "bring the manifest that names the files back, or approve");
  }

  @Test
  void a_first_manifest_that_was_announced_counts_when_all_its_files_are_there()
      throws IOException {
    volume.aof(TWO_KEYS);
    Files.move(volume.file(MANIFEST), volume.file("temp-" + MANIFEST));
    assertPasses(Verdict.CLEAN);

    Files.write(volume.file(INCR), join(TWO_KEYS, ascii("garbage")));
    assertThat(volume.prepare().exitCode()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(volume.file(INCR)).hasBinaryContent(TWO_KEYS);
  }

  @Test
  void a_file_that_is_only_announced_does_not_make_the_manifest_old() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file(INCR_2), command("SET", "again", "1"));
    Files.write(volume.file("temp-" + MANIFEST), TWO_INCRS);
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void an_old_manifest_brought_back_waits() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file(INCR_2), TWO_KEYS);
    assertParks(Verdict.UNCLAIMED_FILES, "no manifest names " + INCR_2, "bring the manifest");
  }

  @Test
  void a_listed_file_that_is_missing_waits() throws IOException {
    volume.aof(TWO_KEYS);
    Files.delete(volume.file(INCR));
    assertParks(Verdict.MISSING_FILE, "which does not exist", "bring the missing file back, or");
  }

  @Test
  void a_base_that_was_never_listed_is_no_loss() throws IOException {
    volume.aof(TWO_KEYS);
    Files.writeString(volume.file(MANIFEST), "file " + INCR + " seq 1 type i\n");
    Files.delete(volume.file(BASE));
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void a_dump_where_the_AOF_is_on_waits_and_says_how_to_load_it() throws IOException {
    Files.write(data.resolve("dump.rdb"), RDB);
    assertParks(
        Verdict.UNCLAIMED_FILES,
        "the AOF is on and there is none, but dump.rdb has 6 keys that a server would not load",
        "start once with appendonly no and then CONFIG SET appendonly yes, which writes the AOF anew from dump.rdb");
  }

  @Test
  void an_AOF_that_was_switched_off_before_the_data_changed_waits() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file("appendonly.aof.stale"), ONE_INCR);
    assertParks(
        Verdict.UNCLAIMED_FILES,
        "it was switched off, and the data was changed after that; none of it was saved",
        "approve");

    Files.write(data.resolve("dump.rdb"), RDB);
    assertParks(
        Verdict.UNCLAIMED_FILES,
        "what was saved of it is in dump.rdb, with 6 keys",
        "which writes the AOF anew from dump.rdb");
  }

  @Test
  void a_mark_that_speaks_of_an_older_manifest_means_nothing() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file("appendonly.aof.stale"), TWO_INCRS);
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void what_a_stock_server_appended_behind_half_a_line_counts_as_promised() throws IOException {
    byte[] ours = new CheckedLog().mark(TWO_KEYS).bytes();
    byte[] half = join(command("SET", "never", "acknowledged"), ascii("#G4"));
    byte[] stock = join(command("SELECT", "0"), command("SET", "new", "1"), command("INCR", "n"));
    var incr = volume.aof(join(ours, half, stock));

    assertThat(volume.prepare("--max-data-loss", "1").exitCode()).isEqualTo(3);

    assertThat(incr).hasBinaryContent(join(ours, half, stock));
    assertThat(volume.report().commandsAtStake()).isPositive();
  }

  @Test
  void a_single_file_of_an_old_server_passes_also_with_a_preamble() throws IOException {
    Files.write(data.resolve("appendonly.aof"), TWO_KEYS);
    assertPasses(Verdict.CLEAN);
    Files.write(data.resolve("appendonly.aof"), join(RDB, TWO_KEYS));
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void an_upgrade_of_a_single_file_that_was_stopped_half_way_passes() throws IOException {
    Files.createDirectories(data.resolve("appendonlydir"));
    Files.writeString(volume.file(MANIFEST), "file appendonly.aof seq 1 type b\n");
    Files.write(data.resolve("appendonly.aof"), join(RDB, TWO_KEYS));
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void a_torn_end_of_a_single_file_is_cut() throws IOException {
    var file = data.resolve("appendonly.aof");
    Files.write(file, join(RDB, TWO_KEYS, ascii("*3\r\n$3\r\nSE")));
    assertThat(volume.prepare().exitCode()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(file).hasBinaryContent(join(RDB, TWO_KEYS));
  }

  private void assertPasses(Verdict verdict) throws IOException {
    var run = volume.prepare();
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(verdict);
    assertThat(volume.quarantines()).isEmpty();
  }

  private void assertParks(Verdict verdict, String message, String action) throws IOException {
    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    var report = volume.report();
    assertThat(report.verdict()).isEqualTo(verdict);
    assertThat(report.message()).contains(message);
    assertThat(report.action()).contains(action).contains("grant: \"" + report.id() + "\"");
    assertThat(volume.quarantines()).isEmpty();
  }

  @Test
  void an_AOF_that_is_switched_off_waits_when_nothing_else_holds_its_data() throws IOException {
    volume.aof(TWO_KEYS);

    assertThat(volume.prepareWith("appendonly no\n").exitCode()).isEqualTo(3);

    var report = volume.report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
    assertThat(report.message())
        .contains("the AOF is off and there is no dump.rdb", "pass over 6 commands");
    assertThat(report.action()).startsWith("switch the AOF on (appendonly yes;");
    assertPasses(Verdict.CLEAN);
  }

  @Test
  void so_does_a_single_file_of_an_old_server() throws IOException {
    Files.write(data.resolve("appendonly.aof"), TWO_KEYS);
    assertThat(volume.prepareWith("appendonly no\n").exitCode()).isEqualTo(3);
    assertThat(volume.report().file()).contains("appendonly.aof");
  }

  @Test
  void an_AOF_that_was_switched_off_before_the_data_changed_passes_and_the_loss_is_told()
      throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file("appendonly.aof.stale"), ONE_INCR);

    var run = volume.prepareWith("appendonly no\n");

    assertThat(run.exitCode()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.EMPTY);
    assertThat(run.output()).contains("is not loaded: it was switched off", "starts with no key");
  }

  @Test
  void an_AOF_that_is_off_beside_a_dump_passes() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(data.resolve("dump.rdb"), RDB);
    assertThat(volume.prepareWith("appendonly no\n").exitCode()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CLEAN);
  }
}
