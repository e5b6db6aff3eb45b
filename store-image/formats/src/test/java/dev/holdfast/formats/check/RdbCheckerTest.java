package dev.holdfast.formats.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.rdb.RdbVisitor.Checksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdbCheckerTest {
  @TempDir Path dir;

  @Test
  void countsWhatIsInTheFile() throws IOException {
    var check = check(Data.rdb(5));

    assertThat(check.isGood()).isTrue();
    assertThat(check.version()).isEqualTo(10);
    assertThat(check.keys()).isEqualTo(5);
    assertThat(check.keysByDatabase()).isEqualTo(Map.of(0L, 5L));
    assertThat(check.keysByType()).isEqualTo(Map.of("string", 5L));
    assertThat(check.aux()).containsEntry("redis-ver", "7.2.4").containsEntry("aof-base", "1");
    assertThat(check.checksum()).contains(Checksum.GOOD);
  }

  @Test
  void keysWhoseTimeHasPassedAreCountedByTheGivenClock() throws IOException {
    var hex =
        "524544495330303130 fc e803000000000000 00 0161 0176 fc e903000000000000 00 0162 0176"
            + " 00 0163 0176 ff 0000000000000000";
    var check = check(HexFormat.of().parseHex(hex.replace(" ", "")));

    assertThat(check.keys()).isEqualTo(3);
    assertThat(check.expires()).isEqualTo(2);
    assertThat(check.expired()).isEqualTo(1);
    assertThat(check.checksum()).contains(Checksum.UNCHECKED);
  }

  @Test
  void damageIsLocatedAndWhatWasReadBeforeIsCounted() throws IOException {
    var good = Data.rdb(5);
    var check = check(Arrays.copyOf(good, good.length - 30));

    assertThat(check.isGood()).isFalse();
    assertThat(check.keys()).isEqualTo(4);
    assertThat(check.errorOffset()).hasValue(good.length - 30);
    assertThat(check.message()).contains("found the end of the file");
    assertThat(check.checksum()).isEmpty();
  }

  @Test
  void bytesBehindTheEndAreDamage() throws IOException {
    var good = Data.rdb(1);
    var check = check(Arrays.copyOf(good, good.length + 1));

    assertThat(check.errorOffset()).hasValue(good.length);
  }

  private RdbCheck check(byte[] bytes) throws IOException {
    var file = dir.resolve("dump.rdb");
    Files.write(file, bytes);
    // One second and one millisecond after the epoch: later than the first expiry above, not than
    // the second.
    var clock = InstantSource.fixed(Instant.ofEpochMilli(1001));
    return new RdbChecker(clock, Progress.NONE).check(file);
  }
}
