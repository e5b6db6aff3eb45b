package dev.holdfast.formats.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.formats.aof.BaseFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final FileReport BASE =
      new FileReport(
          "appendonly.aof.1.base.rdb",
          FileKind.BASE,
          BaseFormat.RDB,
          88,
          88,
          0,
          Verdict.CLEAN,
          "",
          Optional.empty());

  private static final Report REPORT =
      new Report(
          "9f2c61d07b3a4e55",
          Instant.parse("2026-11-22T14:03:07.120Z"),
          "holdfast-prepare 1.0",
          Verdict.CORRUPT_TAIL,
          State.REPAIRED,
          Reason.WITHIN_BUDGET,
          Optional.of("appendonlydir/appendonly.aof.1.incr.aof"),
          OptionalLong.of(18874368),
          9,
          4,
          0,
          Optional.of(new KeysAtStake(7, true)),
          "expected '*' at offset 18874368, found 0x67",
          "nothing to do: 9 bytes were moved to quarantine/20261122T140307.120Z",
          Optional.of(new Dropped(9, 0, "quarantine/20261122T140307.120Z")),
          List.of(BASE));

  @Test
  void isWrittenAsThePodContractShowsIt() {
    assertThat(REPORT.toJson())
        .isEqualTo(
            """
            {
              "id": "9f2c61d07b3a4e55",
              "time": "2026-11-22T14:03:07.120Z",
              "tool": "holdfast-prepare 1.0",
              "verdict": "CorruptTail",
              "state": "Repaired",
              "reason": "WithinBudget",
              "file": "appendonlydir/appendonly.aof.1.incr.aof",
              "offset": 18874368,
              "bytesAtStake": 9,
              "promisedBytes": 4,
              "commandsAtStake": 0,
              "keysAtStake": {
                "count": 7,
                "atLeast": true
              },
              "message": "expected '*' at offset 18874368, found 0x67",
              "action": "nothing to do: 9 bytes were moved to quarantine/20261122T140307.120Z",
              "dropped": {
                "bytes": 9,
                "commands": 0,
                "quarantine": "quarantine/20261122T140307.120Z"
              },
              "files": [
                {
                  "name": "appendonly.aof.1.base.rdb",
                  "kind": "Base",
                  "format": "RDB",
                  "size": 88,
                  "okUpTo": 88,
                  "entries": 0,
                  "verdict": "Clean",
                  "message": "",
                  "log": null
                }
              ]
            }
            """);
  }

  @Test
  void isReadBackAsItWas() {
    assertThat(Report.parse(REPORT.toJson())).isEqualTo(REPORT);
  }

  @Test
  void textsMayContainAnything() {
    var odd = "\"quotes\" \\ \n\r\t\0 é 😀 </script>";
    var report =
        Report.of(
            AofCheck.good(Verdict.EMPTY, odd, List.of()),
            Instant.EPOCH,
            odd,
            State.PASSED,
            Reason.CLEAN,
            odd);

    assertThat(Report.parse(report.toJson())).isEqualTo(report);
    assertThat(report.toJson()).contains("\"file\": null", "\"offset\": null", "\"dropped\": null");
  }

  @Test
  void theIdIsTheSameForTheSameDamageAndAnotherForAnother() {
    var id = id(Verdict.CORRUPT_TAIL, Reason.BUDGET_EXCEEDED, 31, List.of(BASE));

    assertThat(id)
        .matches("[0-9a-f]{16}")
        .isEqualTo(id(Verdict.CORRUPT_TAIL, Reason.BUDGET_EXCEEDED, 31, List.of(BASE)));
    assertThat(id(Verdict.TRUNCATED_TAIL, Reason.BUDGET_EXCEEDED, 31, List.of(BASE)))
        .isNotEqualTo(id);
    assertThat(id(Verdict.CORRUPT_TAIL, Reason.POLICY_MANUAL, 31, List.of(BASE))).isNotEqualTo(id);
    assertThat(id(Verdict.CORRUPT_TAIL, Reason.BUDGET_EXCEEDED, 32, List.of(BASE)))
        .isNotEqualTo(id);
    assertThat(id(Verdict.CORRUPT_TAIL, Reason.BUDGET_EXCEEDED, 31, List.of())).isNotEqualTo(id);
  }

  @Test
  void whatIsNoReportIsRefusedWithTheReason() {
    assertThatThrownBy(() -> Report.parse("{\"id\": 3}"))
        .hasMessage("expected a text in field 'id' of the report, found 3");
    assertThatThrownBy(() -> Report.parse("{\"id\": \"x\""))
        .hasMessage("not a report: expected '}' at character 10, found the end");
    assertThatThrownBy(() -> Report.parse(REPORT.toJson().replace("CorruptTail", "Bad")))
        .hasMessageContaining("expected a verdict (Clean, Empty,");
    assertThatThrownBy(() -> Report.parse("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Report.parse("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String id(Verdict verdict, Reason reason, long offset, List<FileReport> files) {
    return Report.idOf(verdict, reason, Optional.of("file"), OptionalLong.of(offset), files);
  }
}
