package dev.holdfast.formats.check;

import static dev.holdfast.formats.check.Data.EXEC;
import static dev.holdfast.formats.check.Data.MULTI;
import static dev.holdfast.formats.check.Data.SET;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AofCheckerTest {
  @TempDir Path dir;

  @Test
  void aSoundAofIsClean() throws IOException {
    var check = Data.withIncr(dir, SET + MULTI + SET + EXEC + "#TS:1700000000\r\n").check();

    assertThat(check.verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(check.files()).extracting(FileCheck::entries).containsExactly(2L, 4L);
    assertThat(check.files()).allSatisfy(file -> assertThat(file.okUpTo()).isEqualTo(file.size()));
  }

  @Test
  void anEmptyFolderIsEmpty() throws IOException {
    assertThat(new Data(dir).check().verdict()).isEqualTo(Verdict.EMPTY);
  }

  @Test
  void aCommandThatIsCutIsATruncatedTail() throws IOException {
    var check = Data.withIncr(dir, SET + SET.substring(0, 20)).check();

    assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(check.file()).contains("appendonlydir/appendonly.aof.1.incr.aof");
    assertThat(check.offset()).hasValue(SET.length());
    assertThat(check.bytesAtStake()).isEqualTo(20);
    assertThat(check.commandsAtStake()).isZero();
  }

  @Test
  void anOpenTransactionIsATruncatedTailWithItsCommandsAtStake() throws IOException {
    var check = Data.withIncr(dir, SET + MULTI + SET + SET).check();

    assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(check.offset()).hasValue(SET.length());
    assertThat(check.commandsAtStake()).isEqualTo(3);
  }

  @Test
  void garbageAtTheEndIsACorruptTail() throws IOException {
    var check = Data.withIncr(dir, SET + "garbage!!").check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.offset()).hasValue(SET.length());
    assertThat(check.bytesAtStake()).isEqualTo(9);
    assertThat(check.message()).isEqualTo("expected '*' at offset 31, found 0x67 ('g')");
  }

  @Test
  void zeroPaddingIsACorruptTailWithNothingAtStake() throws IOException {
    var padded = Data.withIncr(dir, SET + "\0".repeat(200_000)).check();
    assertThat(padded.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(padded.offset()).hasValue(SET.length());
    assertThat(padded.bytesAtStake()).isZero();
    assertThat(RepairPlan.of(padded).orElseThrow().bytes()).isEqualTo(200_000);

    var torn = Data.withIncr(dir, SET + SET.substring(0, 20) + "\0".repeat(200_000)).check();
    assertThat(torn.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(torn.bytesAtStake()).isEqualTo(20);
  }

  @Test
  void damageWithGoodCommandsBehindItIsInTheMiddle() throws IOException {
    var check = Data.withIncr(dir, SET.repeat(10) + "xyz" + SET.repeat(7)).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.offset()).hasValue(10L * SET.length());
    assertThat(check.bytesAtStake()).isEqualTo(3 + 7L * SET.length());
    assertThat(check.commandsAtStake()).isEqualTo(7);
    assertThat(check.message())
        .contains("10 commands before the damage", "7 good commands from there on");
  }

  @Test
  void aFlippedLengthInTheMiddleIsNotTakenForATail() throws IOException {
    var flipped = SET.replace("$5", "$5000000");
    var check = Data.withIncr(dir, SET + flipped + SET.repeat(3)).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.offset()).hasValue(SET.length());
    assertThat(check.commandsAtStake()).isEqualTo(3);
  }

  @Test
  void severalDamagedPlacesAreSteppedOver() throws IOException {
    var check =
        Data.withIncr(dir, SET + "x" + SET.repeat(2) + "y" + SET.repeat(3) + "z" + SET).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.commandsAtStake()).isEqualTo(6);
  }

  @Test
  void aStarInGarbageIsNoCommand() throws IOException {
    assertThat(Data.withIncr(dir, SET + "!*2\r\n$4\r\n").check().verdict())
        .isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(Data.withIncr(dir, SET + "!" + SET + "!").check().verdict())
        .isEqualTo(Verdict.CORRUPT_TAIL);
  }

  @Test
  void damageAtTheEndOfAFileThatIsNotTheLastIsNoTail() throws IOException {
    var data =
        Data.withIncr(dir, SET + "*3\r\n")
            .part("appendonly.aof.2.incr.aof", SET.repeat(4))
            .manifest(Data.MANIFEST + "file appendonly.aof.2.incr.aof seq 2 type i\n");
    var check = data.check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.file()).contains("appendonlydir/appendonly.aof.1.incr.aof");
    assertThat(check.bytesAtStake()).isEqualTo(4 + 4L * SET.length());
    assertThat(check.commandsAtStake()).isEqualTo(4);
    assertThat(RepairPlan.of(check)).isEmpty();
    assertThat(RepairPlan.ofLastFile(check)).isEmpty();
  }

  @Test
  void aDamagedBaseIsCorruptBaseWhereverTheDamageIs() throws IOException {
    var good = Data.rdb(2);
    for (int at = 0; at < good.length; at++) {
      var damaged = good.clone();
      damaged[at] ^= 0x10;
      var check =
          Data.withIncr(dir, SET).file("appendonlydir/appendonly.aof.1.base.rdb", damaged).check();

      assertThat(check.verdict()).as("byte %d", at).isEqualTo(Verdict.CORRUPT_BASE);
      assertThat(check.file()).contains("appendonlydir/appendonly.aof.1.base.rdb");
    }
  }

  @Test
  void aBaseThatIsTheOnlyFileIsNotCutAwayForADamagedFirstByte() throws IOException {
    var damaged = Data.rdb(2);
    damaged[0] = 'X';
    var check =
        new Data(dir)
            .manifest("file appendonly.aof.1.base.rdb seq 1 type b\n")
            .file("appendonlydir/appendonly.aof.1.base.rdb", damaged)
            .check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_BASE);
  }

  @Test
  void aTruncatedBaseIsCorruptBase() throws IOException {
    var cut = Arrays.copyOf(Data.rdb(2), 50);
    var check = Data.withIncr(dir, "").file("appendonlydir/appendonly.aof.1.base.rdb", cut).check();

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_BASE);
  }

  @Test
  void aFileThatTheManifestNamesMustBeThere() throws IOException {
    var data = Data.withIncr(dir, SET);
    Files.delete(data.path("appendonlydir/appendonly.aof.1.base.rdb"));
    var check = data.check();

    assertThat(check.verdict()).isEqualTo(Verdict.MISSING_FILE);
    assertThat(check.file()).contains("appendonlydir/appendonly.aof.1.base.rdb");
    assertThat(check.bytesAtStake()).isEqualTo(SET.length());
  }

  @Test
  void aManifestThatCannotBeReadIsNamedWithItsLine() throws IOException {
    var check = Data.withIncr(dir, SET).manifest("file x seq 1 type z\n").check();

    assertThat(check.verdict()).isEqualTo(Verdict.BAD_MANIFEST);
    assertThat(check.file()).contains("appendonlydir/appendonly.aof.manifest");
    assertThat(check.message()).contains("line 1", "Unknown AOF file type");
    assertThat(check.commandsAtStake()).isEqualTo(3);
  }

  @Test
  void aManifestWithoutFilesToLoadIsBad() throws IOException {
    assertThat(Data.withIncr(dir, SET).manifest("# nothing\n").check().verdict())
        .isEqualTo(Verdict.BAD_MANIFEST);
  }

  @Test
  void aMissingManifestBesideDataIsNeverTakenForAnEmptyStore() throws IOException {
    var data = Data.withIncr(dir, SET);
    Files.delete(data.path("appendonlydir/appendonly.aof.manifest"));
    var check = data.check();

    assertThat(check.verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
    assertThat(check.files()).hasSize(2);
    assertThat(check.commandsAtStake()).isEqualTo(3);
  }

  @Test
  void filesOfAFirstStartThatWasStoppedHoldNoData() throws IOException {
    var data = new Data(dir).base(0).part("appendonly.aof.1.incr.aof", "");

    assertThat(data.check().verdict()).isEqualTo(Verdict.EMPTY);
  }

  @Test
  void aManifestOlderThanTheFilesIsNoticed() throws IOException {
    var check = Data.withIncr(dir, SET).part("appendonly.aof.2.incr.aof", SET).check();

    assertThat(check.verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
    assertThat(check.file()).contains("appendonlydir/appendonly.aof.2.incr.aof");
    assertThat(check.bytesAtStake()).isEqualTo(SET.length());
  }

  @Test
  void whatARewriteLeftBehindDoesNotMatter() throws IOException {
    var check =
        Data.withIncr(dir, SET)
            .part("appendonly.aof.2.incr.aof", "")
            .file("appendonlydir/appendonly.aof.2.base.rdb", Data.rdb(1))
            .file("temp-rewriteaof-77.aof", new byte[10])
            .check();

    assertThat(check.verdict()).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void aSnapshotAloneIsUnclaimedWhereTheAofIsOn() throws IOException {
    assertThat(new Data(dir).file("dump.rdb", Data.rdb(3)).check())
        .satisfies(
            check -> {
              assertThat(check.verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
              assertThat(check.file()).contains("dump.rdb");
              assertThat(check.message()).contains("3 keys");
            });
    assertThat(new Data(dir).file("dump.rdb", Data.rdb(0)).check().verdict())
        .isEqualTo(Verdict.EMPTY);
  }

  @Test
  void aSnapshotIsWhatCountsWhereTheAofIsOff() throws IOException {
    var folder = new DataFolder(dir, "appendonlydir", "appendonly.aof", "dump.rdb", false);
    var checker = new AofChecker(Progress.NONE);
    assertThat(checker.checkData(folder).verdict()).isEqualTo(Verdict.EMPTY);

    new Data(dir).file("dump.rdb", Data.rdb(3));
    assertThat(checker.checkData(folder).verdict()).isEqualTo(Verdict.CLEAN);

    new Data(dir).file("dump.rdb", new byte[] {1, 2, 3});
    assertThat(checker.checkData(folder).verdict()).isEqualTo(Verdict.CORRUPT_BASE);
  }

  @Test
  void aSingleFileOfOldServersIsCheckedWithItsPreamble() throws IOException {
    var preamble = Data.rdb(2);
    var whole = Arrays.copyOf(preamble, preamble.length + SET.length() + 3);
    System.arraycopy(
        (SET + "*3\r").getBytes(StandardCharsets.ISO_8859_1),
        0,
        whole,
        preamble.length,
        SET.length() + 3);
    var check = new Data(dir).file("appendonly.aof", whole).check();

    assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(check.file()).contains("appendonly.aof");
    assertThat(check.offset()).hasValue(preamble.length + SET.length());
    assertThat(check.files().getFirst().entries()).isEqualTo(3);
  }

  @Test
  void anUpgradeThatWasStoppedBeforeTheFileMovedIsNoMissingFile() throws IOException {
    var check =
        new Data(dir)
            .manifest("file appendonly.aof seq 1 type b\n")
            .file("appendonly.aof", SET.getBytes(StandardCharsets.ISO_8859_1))
            .check();

    assertThat(check.verdict()).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void aManifestCanBeCheckedByItsPath() throws IOException {
    var data = Data.withIncr(dir, SET + "*");
    var check =
        new AofChecker(Progress.NONE)
            .checkManifest(data.path("appendonlydir/appendonly.aof.manifest"));

    assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(check.file()).contains("appendonlydir/appendonly.aof.1.incr.aof");
  }
}
