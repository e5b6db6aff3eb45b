package dev.holdfast.tools.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.check.Verdict;
import dev.holdfast.tools.check.StockServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code holdfast-prepare} makes of folders of Redis 7.0 with a {@code dump.rdb} in them. */
class StaleStockLogTest {
  @TempDir Path data;
  @TempDir Path logs;

  private void stock(String... lines) throws IOException {
    try (var server = new StockServer(data, logs.resolve("server.log"))) {
      for (var line : lines) {
        assertThat(server.ask(line)).as(line).doesNotStartWith("-");
      }
    }
  }

  @Test
  void an_AOF_that_a_stock_server_switched_off_before_the_data_changed_waits() throws IOException {
    stock("SET a old", "CONFIG SET appendonly no", "SET a new", "SET b new", "SAVE");
    var volume = new Volume(data);

    assertThat(volume.prepare().exitCode()).isEqualTo(3);

    var report = volume.report();
    assertThat(report.verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
    assertThat(report.file()).contains("dump.rdb");
    assertThat(report.message())
        .contains("the AOF is out of date: dump.rdb was begun at 20")
        .contains("after the append only file was last written at 20")
        .contains("1 keys are only in the dump, 1 differ, 0 are only in the append only file")
        .endsWith("what was saved of it is in dump.rdb, with 2 keys");
    assertThat(report.action())
        .contains("start once with appendonly no and then CONFIG SET appendonly yes")
        .contains("grant: \"" + report.id() + "\"");

    assertThat(volume.prepare("--grant", report.id()).exitCode()).isZero();
    assertThat(volume.quarantines()).hasSize(1);
  }

  @Test
  void an_AOF_that_was_on_when_the_dump_was_written_passes() throws IOException {
    stock("SET a 1", "SET t 1 PX 1", "MSET b 2 c 3", "SAVE");
    assertPasses();
  }

  @Test
  void what_cannot_be_compared_is_told_of_and_passes() throws IOException {
    stock("RPUSH list 1 2", "SAVE");
    assertThat(assertPasses())
        .contains("dump.rdb seems to be newer than the AOF and cannot be compared with it")
        .contains("Unknown command 'RPUSH'");
  }

  private String assertPasses() throws IOException {
    var volume = new Volume(data);
    var run = volume.prepare();
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(volume.report().verdict()).isEqualTo(Verdict.CLEAN);
    return run.output();
  }
}
