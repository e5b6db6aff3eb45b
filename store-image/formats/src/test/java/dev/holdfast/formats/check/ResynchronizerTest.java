package dev.holdfast.formats.check;

import static dev.holdfast.formats.check.Data.SET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ResynchronizerTest {
  @TempDir Path dir;

  @Test
  void oneCutCommandInsideAValueIsNotTakenForGoodData() throws IOException {
    var value = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500\r\nv";
    var cut = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$900\r\n" + value;

    assertThat(Data.withIncr(dir, SET + cut).check().verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
  }

  @Test
  void aGoodCommandThatACutOneFollowsIsFound() throws IOException {
    var check = Data.withIncr(dir, SET + "??" + SET + SET.substring(0, 25)).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.commandsAtStake()).isEqualTo(1);
  }

  @Test
  void commandsWithLargeValuesAreFoundAgain() throws IOException {
    var large = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$300000\r\n" + "*".repeat(300_000) + "\r\n";
    var check = Data.withIncr(dir, SET + "??" + large.repeat(3)).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.commandsAtStake()).isEqualTo(3);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void startsThatLeadNowhereTakeBoundedWorkAndAreNotCalledATail() throws IOException {
    var far = "*2\r\n$3\r\nGET\r\n$200000\r\n".repeat(100_000);
    var check = Data.withIncr(dir, SET + "??" + far).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.offset()).hasValue(SET.length());
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void nestedStartsTakeBoundedWork() throws IOException {
    var nested = "$17\r\n*99999\r\n$1\r\na\r\n\r\n".repeat(50_000);

    assertThat(Data.withIncr(dir, SET + "??" + nested).check().verdict())
        .isIn(Verdict.CORRUPT_TAIL, Verdict.CORRUPT_MIDDLE);
  }
}
