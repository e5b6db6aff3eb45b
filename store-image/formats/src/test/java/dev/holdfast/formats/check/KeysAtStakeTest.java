package dev.holdfast.formats.check;

import static dev.holdfast.formats.check.Data.SET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysAtStakeTest {
  private static final String DEL = "*4\r\n$3\r\nDEL\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n";
  private static final String SELECT = "*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n";

  @TempDir Path dir;

  @Test
  void eachKeyBehindTheDamageCountsOnce() throws IOException {
    var check = Data.withIncr(dir, SET + "garbage" + SET + SET + SELECT + DEL + "x" + DEL).check();

    assertThat(KeysAtStake.of(check)).contains(new KeysAtStake(4, false));
  }

  @Test
  void laterFilesAreAtStakeToo() throws IOException {
    var data = Data.withIncr(dir, SET + "garbage");
    data.manifest(Data.MANIFEST + "file appendonly.aof.2.incr.aof seq 2 type i\n");
    data.part("appendonly.aof.2.incr.aof", DEL);

    assertThat(KeysAtStake.of(data.check())).contains(new KeysAtStake(3, false));
  }

  @Test
  void aboveTheCapThereAreAtLeastSoMany() throws IOException {
    var many = new StringBuilder(SET + "garbage");
    for (int i = 100; i < 900; i++) {
      many.append(SET.replace("$1\r\nk", "$3\r\n" + i));
    }
    var check = Data.withIncr(dir, many.toString()).check();

    assertThat(KeysAtStake.of(check, 500)).contains(new KeysAtStake(500, true));
    assertThat(KeysAtStake.of(check, 5000)).contains(new KeysAtStake(800, false));
  }

  @Test
  void nothingIsCountedWhereNothingIsDamaged() throws IOException {
    assertThat(KeysAtStake.of(Data.withIncr(dir, SET).check())).isEmpty();
  }
}
