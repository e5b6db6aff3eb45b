package dev.holdfast.formats.check;

import static dev.holdfast.formats.check.Data.EXEC;
import static dev.holdfast.formats.check.Data.MULTI;
import static dev.holdfast.formats.check.Data.SET;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.PeerServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimestampCutTest {
  private static final String AOF =
      "#TS:100\r\n" + SET + "#TS:200\r\n" + SET + SET + "#TS:300\r\n" + SET;

  @TempDir Path dir;

  @Test
  void theCutIsBeforeTheFirstLaterAnnotation() throws IOException {
    assertThat(find(AOF, 200)).isEqualTo(new TimestampCut.At(9 + 31 + 9 + 62));
    assertThat(find(AOF, 299)).isEqualTo(new TimestampCut.At(9 + 31 + 9 + 62));
    assertThat(find(AOF, 100)).isEqualTo(new TimestampCut.At(9 + 31));
  }

  @Test
  void nothingIsCutWhenAllIsOldEnough() throws IOException {
    assertThat(find(AOF, 300)).isEqualTo(new TimestampCut.NothingAfter());
    assertThat(find("", 300)).isEqualTo(new TimestampCut.NothingAfter());
  }

  @Test
  void aFileThatIsLaterAsAWholeIsNotEmptied() throws IOException {
    assertThat(find(AOF, 99)).isEqualTo(new TimestampCut.NothingBefore());
  }

  @Test
  void aTransactionIsNeverCutInTwo() throws IOException {
    assertThat(find(SET + MULTI + SET + "#TS:300\r\n" + SET + EXEC, 200))
        .isEqualTo(new TimestampCut.At(SET.length()));
  }

  @Test
  void anRdbPreambleIsPassedBy() throws IOException {
    var preamble = Data.rdb(3);
    var tail = AOF.getBytes(ISO_8859_1);
    var file = dir.resolve("file");
    Files.write(file, preamble);
    Files.write(file, tail, StandardOpenOption.APPEND);

    assertThat(TimestampCut.find(file, 100))
        .isEqualTo(new TimestampCut.At(preamble.length + 9 + 31));
  }

  @Test
  void damageBeforeTheTimeIsNamed() throws IOException {
    assertThat(find(SET + "x" + AOF, 200))
        .isEqualTo(new TimestampCut.Damaged(31, "expected '*' at offset 31, found 0x78 ('x')"));
  }

  @Test
  void redisCheckAofCutsAtTheSamePlace() throws IOException, InterruptedException {
    var tool = PeerServer.program("REDIS7_CHECK_AOF");
    for (long time = 99; time <= 301; time++) {
      var cut = find(AOF, time);
      var process =
          new ProcessBuilder(
                  tool, "--truncate-to-timestamp", "" + time, dir.resolve("file").toString())
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
      int exit = process.waitFor();

      long left = Files.size(dir.resolve("file"));
      switch (cut) {
        case TimestampCut.At(long offset) -> assertThat(left).isEqualTo(offset);
        case TimestampCut.NothingAfter() -> {
          assertThat(left).isEqualTo(AOF.length());
          assertThat(exit).isZero();
        }
        case TimestampCut.NothingBefore() -> {
          assertThat(output).contains("has nothing before timestamp");
          assertThat(exit).isEqualTo(1);
        }
        case TimestampCut.Damaged damaged -> throw new AssertionError(damaged);
      }
    }
  }

  private TimestampCut find(String aof, long time) throws IOException {
    var file = dir.resolve("file");
    Files.write(file, aof.getBytes(ISO_8859_1));
    return TimestampCut.find(file, time);
  }
}
