package dev.holdfast.formats.check;

import static dev.holdfast.formats.check.Data.SET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:03:07.120Z");

  @TempDir Path dir;

  @Test
  void theRemovedBytesAreInQuarantineAndTheRestIsClean() throws IOException {
    var data = Data.withIncr(dir, SET + "garbage!!");
    var check = data.check();
    var report = repair(check);

    assertThat(report.dropped()).contains(new Dropped(9, 0, "quarantine/20261122T140307.120Z"));
    var folder = data.path("quarantine/20261122T140307.120Z");
    assertThat(folder.resolve("appendonly.aof.1.incr.aof.31")).hasContent("garbage!!");
    assertThat(Report.parse(Files.readString(folder.resolve("report.json")))).isEqualTo(report);
    assertThat(report.action())
        .isEqualTo("nothing to do: 9 bytes were moved to quarantine/20261122T140307.120Z");
    assertThat(data.check().verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(data.path("appendonlydir/appendonly.aof.1.incr.aof")).hasContent(SET);
  }

  @Test
  void twoRepairsAtTheSameTimeKeepBothEvidences() throws IOException {
    repair(Data.withIncr(dir, SET + "first").check());
    repair(Data.withIncr(dir, SET + "second").check());

    assertThat(dir.resolve("quarantine/20261122T140307.120Z/appendonly.aof.1.incr.aof.31"))
        .hasContent("first");
    assertThat(dir.resolve("quarantine/20261122T140307.121Z/appendonly.aof.1.incr.aof.31"))
        .hasContent("second");
  }

  @Test
  void aFileThatGrewSinceItWasCheckedIsLeftAlone() throws IOException {
    var data = Data.withIncr(dir, SET + "garbage");
    var check = data.check();
    var file = data.path("appendonlydir/appendonly.aof.1.incr.aof");
    Files.writeString(file, "more", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> repair(check)).hasMessageContaining("check it again");
    assertThat(file).hasContent(SET + "garbagemore");
  }

  @Test
  void onlyTailsAreRepairedUnlessSomebodyDecided() throws IOException {
    var middle = Data.withIncr(dir, SET + "x" + SET + SET).check();

    assertThat(RepairPlan.of(middle)).isEmpty();
    assertThat(RepairPlan.ofLastFile(middle).orElseThrow())
        .satisfies(
            plan -> {
              assertThat(plan.bytes()).isEqualTo(1 + 2L * SET.length());
              assertThat(plan.commands()).isEqualTo(2);
            });
    assertThat(RepairPlan.of(Data.withIncr(dir, SET).check())).isEmpty();
  }

  private Report repair(AofCheck check) throws IOException {
    var report = Report.of(check, NOW, "test 1.0", State.REPAIRED, Reason.WITHIN_BUDGET, "");
    return new Repair(dir, InstantSource.fixed(NOW))
        .apply(RepairPlan.of(check).orElseThrow(), report);
  }
}
