package dev.holdfast.tools.prepare;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.command;
import static dev.holdfast.tools.check.AofSamples.join;
import static dev.holdfast.tools.check.AofSamples.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.storage.DirectoryLock;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.formats.check.Verdict;
import dev.holdfast.tools.check.CheckedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code holdfast-prepare} makes of a volume: verdict by verdict, on real files. */
class PrepareOnceTest {

  private static final byte[] GARBAGE = ascii("garbage!!");
  private static final byte[] DAMAGED_MIDDLE = join(TWO_KEYS, ascii("xxx"), TWO_KEYS);

  @TempDir Path data;
  private Volume volume;

  @BeforeEach
  void mount() {
    volume = new Volume(data);
  }

  @Test
  void a_clean_volume_passes_and_is_not_touched() throws IOException {
    var incr = volume.aof(TWO_KEYS);

    var run = volume.prepare();

    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).isEqualTo("holdfast-prepare: Clean, Passed (Clean)\n");
    assertThat(incr).hasBinaryContent(TWO_KEYS);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(volume.quarantines()).isEmpty();
  }

  @Test
  void a_first_start_leaves_the_stores_identity_in_the_volume() throws IOException {
    assertThat(volume.prepare().exitCode()).isZero();

    assertThat(volume.report().verdict()).isEqualTo(Verdict.EMPTY);
    assertThat(data.resolve("holdfast/store.json"))
        .content()
        .contains("\"storeId\": \"" + Volume.STORE + "\"");
  }

  @Test
  void a_truncated_tail_within_the_budget_is_cut_after_it_went_to_quarantine() throws IOException {
    byte[] half = without(command("SET", "k3", "v3"), 4);
    var incr = volume.aof(join(TWO_KEYS, half));

    assertThat(volume.prepare().exitCode()).isZero();

    assertThat(incr).hasBinaryContent(TWO_KEYS);
    var report = volume.report();
    assertThat(report.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(report.state()).isEqualTo(State.REPAIRED);
    assertThat(report.reason()).isEqualTo(Reason.WITHIN_BUDGET);
    assertThat(report.offset()).hasValue(TWO_KEYS.length);
    var folder = data.resolve(report.dropped().orElseThrow().quarantine());
    assertThat(folder.resolve(INCR + "." + TWO_KEYS.length)).hasBinaryContent(half);
    assertThat(folder.resolve("report.json")).content().isEqualTo(report.toJson());
    assertThat(folder.getFileName().toString()).matches("\\d{8}T\\d{6}\\.\\d{3}Z");
  }

  @Test
  void a_corrupt_tail_within_the_budget_is_cut_and_the_next_start_is_clean() throws IOException {
    var incr = volume.aof(join(TWO_KEYS, GARBAGE));

    assertThat(volume.prepare("--max-data-loss", "9").exitCode()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(volume.prepare().exitCode()).isZero();

    assertThat(volume.report().verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(incr).hasBinaryContent(TWO_KEYS);
    assertThat(volume.quarantines()).hasSize(1);
  }

  @Test
  void zeros_that_the_log_was_filled_ahead_with_are_cut_without_a_decision() throws IOException {
    byte[] log = new CheckedLog().group(TWO_KEYS).bytes();
    var incr = volume.aof(join(log, new byte[100_000]));

    assertThat(volume.prepare("--policy", "Manual").exitCode()).isZero();

    assertThat(incr).hasBinaryContent(log);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(volume.report().state()).isEqualTo(State.PASSED);
    assertThat(volume.report().message()).startsWith("100000 zero bytes");
    assertThat(volume.quarantines()).isEmpty();
  }

  @Test
  void a_tail_that_was_never_promised_is_cut_whatever_the_budget() throws IOException {
    byte[] promised = new CheckedLog().mark(TWO_KEYS).bytes();
    byte[] log =
        new CheckedLog()
            .mark(TWO_KEYS)
            .group(command("SET", "key", "value"))
            .group(TWO_KEYS)
            .bytes();
    log[new String(log, StandardCharsets.ISO_8859_1).indexOf("value")] ^= 1;
    var incr = volume.aof(log);

    assertThat(volume.prepare("--max-data-loss", "0").exitCode()).isZero();

    assertThat(incr).hasBinaryContent(promised);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(volume.report().promisedBytes()).isZero();
    assertThat(volume.report().bytesAtStake()).isEqualTo(log.length - promised.length);
    assertThat(volume.quarantines()).hasSize(1);
  }

  @Test
  void under_always_damage_before_the_last_group_parks_without_any_mark() throws IOException {
    byte[] log =
        new CheckedLog()
            .groupBehindDurable(command("SET", "key", "first"))
            .groupBehindDurable(command("SET", "key", "second"))
            .bytes();
    log[new String(log, StandardCharsets.ISO_8859_1).indexOf("first")] ^= 1;
    volume.aof(log);

    assertThat(volume.prepare("--max-data-loss", "0").exitCode()).isEqualTo(3);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(volume.report().promisedBytes()).isPositive();
  }

  @Test
  void a_tail_that_was_promised_parks() throws IOException {
    byte[] log =
        new CheckedLog()
            .mark(TWO_KEYS)
            .group(command("SET", "key", "value"))
            .mark(TWO_KEYS)
            .bytes();
    log[new String(log, StandardCharsets.ISO_8859_1).indexOf("value")] ^= 1;
    var incr = volume.aof(log);

    assertThat(volume.prepare("--max-data-loss", "0").exitCode()).isEqualTo(3);

    assertThat(incr).hasBinaryContent(log);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(volume.report().promisedBytes()).isPositive();
  }

  @Test
  void a_tail_over_the_budget_parks_and_nothing_is_changed() throws IOException {
    var incr = volume.aof(join(TWO_KEYS, GARBAGE));

    var run = volume.prepare("--max-data-loss", "8");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(incr).hasBinaryContent(join(TWO_KEYS, GARBAGE));
    assertThat(volume.quarantines()).isEmpty();
    var report = volume.report();
    assertThat(report.state()).isEqualTo(State.PARKED);
    assertThat(report.reason()).isEqualTo(Reason.BUDGET_EXCEEDED);
    assertThat(report.bytesAtStake()).isEqualTo(9);
    assertThat(report.action())
        .contains("store.holdfast.dev/grant: \"" + report.id() + "\"")
        .contains(
            "9 bytes with 0 good commands, from offset "
                + TWO_KEYS.length
                + " of appendonlydir/"
                + INCR);
  }

  @Test
  void the_same_damage_has_the_same_id_at_the_next_start() throws IOException {
    volume.aof(DAMAGED_MIDDLE);
    volume.prepare();
    String id = volume.report().id();
    volume.prepare();
    assertThat(volume.report().id()).isEqualTo(id);
  }

  @Test
  void damage_in_the_middle_parks_and_a_grant_keeps_what_is_before_it() throws IOException {
    var incr = volume.aof(DAMAGED_MIDDLE);
    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    var parked = volume.report();
    assertThat(parked.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(parked.reason()).isEqualTo(Reason.NOT_REPAIRABLE);
    assertThat(parked.commandsAtStake()).isEqualTo(3);

    assertThat(volume.prepare("--grant", parked.id()).exitCode()).isZero();

    assertThat(incr).hasBinaryContent(TWO_KEYS);
    var report = volume.report();
    assertThat(report.reason()).isEqualTo(Reason.GRANTED);
    assertThat(report.id()).isEqualTo(parked.id());
    assertThat(volume.quarantines().getFirst().resolve(INCR + "." + TWO_KEYS.length))
        .hasBinaryContent(join(ascii("xxx"), TWO_KEYS));
  }

  @Test
  void a_granted_cut_takes_the_later_files_along_because_they_build_on_what_is_lost()
      throws IOException {
    var incr = volume.aof(join(TWO_KEYS, GARBAGE));
    Files.write(volume.file(MANIFEST), TWO_INCRS);
    var later = Files.write(volume.file(INCR_2), TWO_KEYS);
    assertThat(volume.prepare().exitCode()).isEqualTo(3);

    assertThat(volume.prepare("--grant", volume.report().id()).exitCode()).isZero();

    assertThat(incr).hasBinaryContent(TWO_KEYS);
    assertThat(later).isEmptyFile();
    assertThat(volume.quarantines().getFirst().resolve(INCR_2 + ".0")).hasBinaryContent(TWO_KEYS);
    assertThat(volume.prepare().exitCode()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void a_grant_with_the_wrong_id_does_nothing() throws IOException {
    var incr = volume.aof(DAMAGED_MIDDLE);

    assertThat(volume.prepare("--grant", "0123456789abcdef").exitCode()).isEqualTo(3);

    assertThat(incr).hasBinaryContent(DAMAGED_MIDDLE);
    assertThat(volume.quarantines()).isEmpty();
  }

  @Test
  void the_policy_Manual_parks_for_a_single_byte() throws IOException {
    volume.aof(join(TWO_KEYS, ascii("x")));
    assertThat(volume.prepare("--policy", "Manual").exitCode()).isEqualTo(3);
    assertThat(volume.report().reason()).isEqualTo(Reason.POLICY_MANUAL);
  }

  @Test
  void a_damaged_base_parks() throws IOException {
    volume.aof(TWO_KEYS);
    Files.write(volume.file(BASE), join(ascii("REDIS0010"), GARBAGE));
    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_BASE);
  }

  @Test
  void a_file_that_the_manifest_names_and_that_is_missing_parks() throws IOException {
    volume.aof(TWO_KEYS);
    Files.delete(volume.file(BASE));
    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    var report = volume.report();
    assertThat(report.verdict()).isEqualTo(Verdict.MISSING_FILE);
    assertThat(report.action()).startsWith("bring the missing file back, or approve");
  }

  @Test
  void a_missing_manifest_beside_files_is_never_started_empty() throws IOException {
    volume.aof(TWO_KEYS);
    Files.delete(volume.file(MANIFEST));
    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
  }

  @Test
  void a_bad_manifest_parks_and_a_grant_sets_the_data_aside_whole() throws IOException {
    volume.aof(TWO_KEYS);
    Files.writeString(volume.file(MANIFEST), "nonsense\n");
    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    var parked = volume.report();
    assertThat(parked.verdict()).isEqualTo(Verdict.BAD_MANIFEST);
    assertThat(parked.action())
        .endsWith("all data files go to quarantine and the store starts empty");

    assertThat(volume.prepare("--grant", parked.id()).exitCode()).isZero();

    assertThat(data.resolve("appendonlydir")).doesNotExist();
    var folder = volume.quarantines().getFirst();
    assertThat(folder.resolve("appendonlydir").resolve(INCR)).hasBinaryContent(TWO_KEYS);
    assertThat(Report.parse(Files.readString(folder.resolve("report.json"))).reason())
        .isEqualTo(Reason.GRANTED);
  }

  @Test
  void damage_that_comes_after_a_repair_was_set_aside_is_repaired_too() throws IOException {
    volume.aof(TWO_KEYS);
    Files.writeString(volume.file(MANIFEST), "nonsense\n");
    volume.prepare();
    assertThat(volume.prepare("--grant", volume.report().id()).exitCode()).isZero();

    var incr = volume.aof(join(TWO_KEYS, GARBAGE)); // what the server wrote since, torn
    assertThat(volume.prepare().exitCode()).isZero();

    assertThat(incr).hasBinaryContent(TWO_KEYS);
    assertThat(volume.quarantines()).hasSize(2);
    assertThat(data.resolve("holdfast/repair")).doesNotExist();
  }

  @Test
  void another_stores_volume_parks_until_it_is_given_away() throws IOException {
    volume.aof(TWO_KEYS);
    assertThat(volume.prepare("--store-id", "another").exitCode()).isZero();

    assertThat(volume.prepare().exitCode()).isEqualTo(3);
    var report = volume.report();
    assertThat(report.reason()).isEqualTo(Reason.FOREIGN_VOLUME);
    assertThat(report.message())
        .isEqualTo("the volume belongs to store another, and this is store " + Volume.STORE);

    assertThat(volume.prepare("--grant", report.id()).exitCode()).isZero();
    assertThat(volume.prepare().exitCode()).isZero();
  }

  @Test
  void an_empty_volume_parks_where_data_is_expected() throws IOException {
    assertThat(volume.prepare("--expect-data", "true").exitCode()).isEqualTo(3);
    assertThat(volume.report().reason()).isEqualTo(Reason.VOLUME_EMPTY);
    assertThat(data.resolve("holdfast/store.json")).doesNotExist();
  }

  @Test
  void an_identity_that_cannot_be_read_is_no_invitation_to_write_one() throws IOException {
    Files.createDirectories(data.resolve("holdfast"));
    var file = Files.writeString(data.resolve("holdfast/store.json"), "{}");
    var run = volume.prepare();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains(file.toString()).contains("expected {\"storeId\"");
    assertThat(file).hasContent("{}");
  }

  @Test
  void a_volume_that_cannot_be_read_is_an_error_and_no_verdict() throws IOException {
    Files.createDirectories(volume.file(MANIFEST));
    var run = volume.prepare();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains(volume.file(MANIFEST) + ": Is a directory");
    assertThat(data.resolve("holdfast/store.json")).doesNotExist();
  }

  @Test
  void a_missing_volume_is_named() throws IOException {
    var nowhere = new Volume(data.resolve("nowhere"));
    var run = nowhere.prepare();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("there is no data folder " + nowhere.data());
  }

  @Test
  void a_volume_in_use_is_left_alone() throws IOException {
    var incr = volume.aof(join(TWO_KEYS, GARBAGE));
    try (var held = DirectoryLock.acquire(data, "holdfast-server, process 17")) {
      assertThat(held).isNotNull();
      var run = volume.prepare();
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output()).contains("is in use by holdfast-server, process 17");
    }
    assertThat(incr).hasBinaryContent(join(TWO_KEYS, GARBAGE));
  }

  @Test
  void a_mistake_in_the_arguments_has_its_own_exit_code() throws IOException {
    var run = volume.prepare("--policy", "whatever");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output())
        .contains("--policy must be one of")
        .contains("Usage: holdfast-prepare");
  }

  @Test
  void a_store_without_aof_has_its_snapshot_checked() throws IOException {
    Files.write(data.resolve("dump.rdb"), join(ascii("REDIS0010"), GARBAGE));
    assertThat(volume.prepareWith("appendonly no\n").exitCode()).isEqualTo(3);
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CORRUPT_BASE);
    assertThat(volume.report().file()).contains("dump.rdb");
  }

  @Test
  void files_are_where_the_configuration_says() throws IOException {
    var folder = Files.createDirectories(data.resolve("log"));
    Files.writeString(folder.resolve("x.manifest"), "file x.1.incr.aof seq 1 type i\n");
    var incr = Files.write(folder.resolve("x.1.incr.aof"), join(TWO_KEYS, GARBAGE));
    assertThat(
            volume
                .prepareWith("appendonly yes\nappenddirname log\nappendfilename \"x\"\n")
                .exitCode())
        .isZero();
    assertThat(incr).hasBinaryContent(TWO_KEYS);
  }
}
