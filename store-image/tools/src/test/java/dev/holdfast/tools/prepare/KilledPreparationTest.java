package dev.holdfast.tools.prepare;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.RDB;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.tools.disk.FragileDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code holdfast-prepare} is killed at each step that changes the volume, then run again: the
 * volume, the report and the evidence come out as if nothing had happened.
 */
class KilledPreparationTest {

  private static final byte[] GARBAGE = ascii("garbage!!");

  @TempDir Path folder;

  /** A volume and what is to be done about it. */
  private interface Damage {
    void make(Volume volume) throws IOException;
  }

  @Test
  void a_cut_within_the_budget() throws IOException {
    var steps =
        killAtEachStep(
            volume -> volume.aof(join(TWO_KEYS, GARBAGE)), Optional.empty(), Reason.WITHIN_BUDGET);

    assertThat(steps).anyMatch(step -> step.startsWith("truncate "));
  }

  @Test
  void a_granted_cut_over_several_files() throws IOException {
    var steps =
        killAtEachStep(
            volume -> {
              volume.aof(join(TWO_KEYS, GARBAGE));
              Files.write(volume.file(MANIFEST), TWO_INCRS);
              Files.write(volume.file(INCR_2), TWO_KEYS);
            },
            Optional.of(Reason.NOT_REPAIRABLE),
            Reason.GRANTED);

    assertThat(steps.stream().filter(step -> step.startsWith("truncate "))).hasSize(2);
  }

  @Test
  void all_files_set_aside_the_old_single_file_among_them() throws IOException {
    var steps =
        killAtEachStep(
            volume -> {
              volume.aof(TWO_KEYS);
              Files.writeString(volume.file(MANIFEST), "nonsense\n");
              Files.write(volume.data().resolve("appendonly.aof"), TWO_KEYS);
              Files.write(volume.data().resolve("dump.rdb"), RDB);
            },
            Optional.of(Reason.NOT_REPAIRABLE),
            Reason.GRANTED);

    assertThat(steps).anyMatch(step -> step.matches("move .*/(appendonlydir|dump.rdb)"));
  }

  @Test
  void a_first_start() throws IOException {
    killAtEachStep(volume -> {}, Optional.empty(), Reason.CLEAN);
  }

  /**
   * @param parked the reason why it waits for the grant first; empty when it needs none
   * @return the steps at which it was killed
   */
  private List<String> killAtEachStep(Damage damage, Optional<Reason> parked, Reason reason)
      throws IOException {
    var steps = new ArrayList<String>();
    var untouched = volume("untouched", damage);
    var grant = grant(untouched, parked);
    assertThat(prepare(untouched, untouched.data(), grant)).isEqualTo(reason);
    var expected = content(untouched.data());

    for (long step = 0; ; step++) {
      var volume = volume("killed-at-" + step, damage);
      assertThat(grant(volume, parked)).isEqualTo(grant);
      var disk = new FragileDisk(step);
      try {
        prepare(volume, disk.path(volume.data()), grant);
        return steps;
      } catch (FragileDisk.Killed killed) {
        steps.add(disk.stoppedAt());
      }

      if (!isTold(volume, grant, reason)) {
        assertThat(prepare(volume, volume.data(), grant))
            .as("after " + disk.stoppedAt())
            .isEqualTo(reason);
      }

      assertThat(content(volume.data())).as("after " + disk.stoppedAt()).isEqualTo(expected);
      // A start that came too early for the server to write anything is no loss either.
      prepare(volume, volume.data(), grant);
      assertThat(volume.report().state()).isEqualTo(State.PASSED);
    }
  }

  /** Whether the killed run had come to its end but for the tidying up. */
  private static boolean isTold(Volume volume, String grant, Reason reason) throws IOException {
    if (!Files.exists(volume.data().resolve("holdfast/check.json"))) {
      return false;
    }
    var report = volume.report();
    return report.reason() == reason && (grant.isEmpty() || report.id().equals(grant));
  }

  private Volume volume(String name, Damage damage) throws IOException {
    var volume = new Volume(Files.createDirectory(folder.resolve(name)));
    damage.make(volume);
    return volume;
  }

  private String grant(Volume volume, Optional<Reason> parked) throws IOException {
    if (parked.isEmpty()) {
      return "";
    }
    assertThat(prepare(volume, volume.data(), "")).isEqualTo(parked.get());
    return volume.report().id();
  }

  private static Reason prepare(Volume volume, Path data, String grant) throws IOException {
    boolean hadData = Files.exists(volume.file(BASE)) || Files.exists(data.resolve("quarantine"));
    String[] arguments = {
      "--once", "--store-id", Volume.STORE, "--grant", grant, "--expect-data", "" + hadData
    };
    var quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    var settings = Settings.parse(arguments, Map.of());
    return new Preparation(
            settings, DataFolder.withDefaults(data), 16, InstantSource.system(), quiet)
        .run()
        .report()
        .reason();
  }

  /**
   * The data, the identity, the report, and the evidence of the repair that it names: times left
   * out.
   */
  private static Map<String, String> content(Path data) throws IOException {
    var content = new TreeMap<String, String>();
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = data.relativize(file).toString();
        if (!name.startsWith("quarantine") && !name.startsWith("holdfast")) {
          content.put(name, text(file));
        }
      }
    }
    var report = Report.parse(Files.readString(data.resolve("holdfast/check.json")));
    content.put("report", report.id() + " " + report.verdict() + " " + report.state());
    content.put("identity", Files.readString(data.resolve("holdfast/store.json")).split(",", 2)[0]);
    if (report.dropped().isPresent()) {
      var quarantine = data.resolve(report.dropped().get().quarantine());
      try (var files = Files.walk(quarantine)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = quarantine.relativize(file).toString();
          content.put(
              "quarantine/" + name,
              name.equals("report.json") ? report.verdict().word() : text(file));
        }
      }
    }
    return content;
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
