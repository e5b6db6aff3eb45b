package dev.holdfast.formats.check;

import static dev.holdfast.formats.aof.TestLog.ascii;
import static dev.holdfast.formats.aof.TestLog.concat;
import static dev.holdfast.formats.aof.TestLog.resp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.aof.TestLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdicts about a log that has lines of ours: docs/log-format.md, "Reading". */
class LogCheckTest {
  private static final String INCR1 = "appendonlydir/appendonly.aof.1.incr.aof";
  private static final String INCR2 = "appendonlydir/appendonly.aof.2.incr.aof";
  private static final String TWO = Data.MANIFEST + "file appendonly.aof.2.incr.aof seq 2 type i\n";

  @TempDir Path dir;

  @Test
  void aLogWithAllItsLinesIsCleanAndTellsItsOffsets() throws IOException {
    var log = new TestLog(700).select(0).command("SET", "k", "1").synced().mark();
    long durable = log.offset();
    var check = check(log.command("SET", "k", "2").group().bytes());

    assertThat(check.verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(check.files().getLast().log()).contains(new LogRange(700, log.offset(), durable));
    assertThat(check.files().getLast().entries()).isEqualTo(3);
  }

  @Test
  void aFlippedBitThatNoMarkCalledDurableIsATailWithNothingPromisedHoweverMuchFollows()
      throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").synced().mark();
    int start = log.size();
    log.command("SET", "k", "value").group();
    for (int i = 0; i < 1000; i++) {
      log.command("SET", "k", "and more").group();
    }
    var check = check(flipped(log.mark().bytes(), "value"));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.file()).contains(INCR1);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.bytesAtStake()).isEqualTo(log.size() - start);
    assertThat(check.promisedBytes()).isZero();
    assertThat(check.commandsAtStake()).isEqualTo(1001);
    assertThat(check.message()).contains("no line calls any of it durable");
    assertThat(RepairPlan.of(check).orElseThrow().cuts())
        .containsExactly(new RepairPlan.Cut(dir.resolve(INCR1), start, log.size() - (long) start));
  }

  @Test
  void aFlippedBitThatALaterMarkCalledDurableIsInTheMiddle() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    int start = log.size();
    long before = log.offset();
    log.command("SET", "k", "value").group().synced();
    long durable = log.offset();
    log.command("SET", "b", "2").group().mark();
    var check = check(flipped(log.bytes(), "value"));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.promisedBytes()).isEqualTo(durable - before);
    assertThat(check.commandsAtStake()).isEqualTo(2);
    assertThat(RepairPlan.of(check)).isEmpty();
  }

  @Test
  void underAlwaysEveryFlippedBitBeforeTheLastGroupTakesPromisedBytesWithoutAnyMark()
      throws IOException {
    var log = new TestLog(700);
    int from = log.size();
    log.select(0).command("SET", "a", "1").groupBehindDurable();
    int second = log.size();
    log.command("SET", "b", "2").groupBehindDurable();
    int last = log.command("SET", "k", "value").groupBehindDurable().size();
    log.command("SET", "c", "3").groupBehindDurable();
    for (int at = from; at < last; at++) {
      for (int bit = 0; bit < 8; bit++) {
        var bytes = log.bytes();
        bytes[at] ^= (byte) (1 << bit);
        var check = check(bytes);

        assertThat(check.verdict()).as("byte %d", at).isEqualTo(Verdict.CORRUPT_MIDDLE);
        assertThat(check.promisedBytes())
            .isEqualTo(last - (at < second ? from : check.offset().getAsLong()));
      }
    }
  }

  @Test
  void underAlwaysOnlyTheLastGroupIsAtStakeWithoutAPromise() throws IOException {
    var log = new TestLog(700).command("SET", "a", "1").groupBehindDurable();
    int start = log.size();
    log.command("SET", "k", "value").groupBehindDurable();
    var check = check(flipped(log.bytes(), "value"));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.promisedBytes()).isZero();
    assertThat(check.message()).contains("the last group of it may have been acknowledged");
  }

  @Test
  void aPromiseOfAGroupLineIsCountedInEffectsWhereAMarkFollows() throws IOException {
    var log = new TestLog(700).command("SET", "a", "1").groupBehindDurable();
    long before = log.offset();
    long durable = log.command("SET", "k", "value").groupBehindDurable().offset();
    log.command("SET", "b", "2").groupBehindDurable().command("SET", "c", "3").mark();
    var check = check(flipped(log.bytes(), "value"));

    assertThat(check.promisedBytes()).isEqualTo(durable - before);
    assertThat(check(log.bytes()).files().getLast().log())
        .contains(new LogRange(700, log.offset(), durable));
  }

  @Test
  void aMarkOfTheFileCountsAlsoWhereTheLineBeforeItIsGone() throws IOException {
    var log = new TestLog(700).command("SET", "k", "value").group();
    int line = log.size() - 10;
    var bytes = log.synced().mark().bytes();
    Arrays.fill(bytes, line, line + 10, (byte) 0);
    var check = check(bytes);

    assertThat(check.promisedBytes()).isEqualTo(resp("SET", "k", "value").length());
  }

  @Test
  void aFlippedLengthThatReachesBeyondTheEndIsNoTruncatedTail() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    int start = log.size();
    log.command("SET", "k", "v".repeat(10)).synced().group().mark();
    var text = new String(log.bytes(), StandardCharsets.ISO_8859_1).replace("$10\r\n", "$90\r\n");
    var check = check(ascii(text));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.promisedBytes()).isPositive();
  }

  @Test
  void aGroupWithoutItsLineIsATruncatedTailWithNothingPromised() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    int start = log.size();
    log.select(4).command("SET", "k", "1").command("SET", "k", "2").flush();
    for (var end : new String[] {"", "#G7", "*3\r\n$3", "\0\0\0"}) {
      var check = check(concat(log.bytes(), ascii(end)));

      assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
      assertThat(check.offset()).hasValue(start);
      assertThat(check.promisedBytes()).isZero();
      assertThat(check.commandsAtStake()).isEqualTo(3);
    }
  }

  @Test
  void zerosBehindTheLastLineAreATailWithNothingAtStake() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    var check = check(concat(log.bytes(), new byte[4096]));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.offset()).hasValue(log.size());
    assertThat(check.bytesAtStake()).isZero();
    assertThat(check.promisedBytes()).isZero();
  }

  @Test
  void lostPagesBeforePagesThatSurvivedAreATailWithNothingPromised() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").synced().mark();
    int start = log.size();
    log.command("SET", "k", "x".repeat(5000)).group();
    int survived = log.size();
    for (int i = 0; i < 100; i++) {
      log.command("SET", "k", "y").group();
    }
    var bytes = log.mark().bytes();
    Arrays.fill(bytes, start, survived + 500, (byte) 0);
    var check = check(bytes);

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.promisedBytes()).isZero();
    assertThat(check.commandsAtStake()).isGreaterThan(50);
  }

  @Test
  void whatAStockServerAppendedIsGood() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    var stock = concat(log.bytes(), ascii(resp("SELECT", "0") + resp("SET", "k", "v")));

    assertThat(check(stock).verdict()).isEqualTo(Verdict.CLEAN);
    var torn = check(Arrays.copyOf(stock, stock.length - 4));
    assertThat(torn.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(torn.offset()).hasValue(log.size() + resp("SELECT", "0").length());
    assertThat(torn.promisedBytes()).isEqualTo(torn.bytesAtStake());
  }

  @Test
  void damageBeforeWhatAStockServerAppendedIsInTheMiddle() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    int start = log.size();
    log.command("SET", "k", "value").group();
    var stock = concat(log.bytes(), ascii(resp("SELECT", "0") + resp("SET", "k", "v")));
    var check = check(flipped(stock, "value"));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.promisedBytes()).isEqualTo(stock.length - start);
    assertThat(check.commandsAtStake()).isEqualTo(3);
  }

  @Test
  void groupsOfADeletedFileBehindATornEndAreNotTakenForItsOwn() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    int start = log.size();
    var other = new TestLog(5000, 0x0badL).command("SET", "k", "old").group();
    other.command("SET", "k", "old").synced().mark();
    var check = check(concat(concat(log.bytes(), new byte[100]), other.bytes()));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.offset()).hasValue(start);
    assertThat(check.promisedBytes()).isZero();
  }

  @Test
  void theNextFileBeginsAtTheOffsetAtWhichTheOneBeforeEnds() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group().command("SET", "b", "2").group();
    var second = new TestLog(first.offset()).command("SET", "c", "3").group();

    assertThat(check(first.bytes(), second.bytes()).verdict()).isEqualTo(Verdict.CLEAN);
  }

  @Test
  void aTailThatIsMissingInAFileThatIsNotTheLastIsFound() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    int whole = first.size();
    var second = new TestLog(first.command("SET", "b", "2").group().offset());
    second.command("SET", "c", "3").group();
    var check = check(Arrays.copyOf(first.bytes(), whole), second.bytes());

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.file()).contains(INCR2);
    assertThat(check.offset()).hasValue(0);
    assertThat(check.commandsAtStake()).isEqualTo(1);
    assertThat(check.message())
        .contains("where appendonly.aof.1.incr.aof ends", "27 bytes of effects are missing");
  }

  @Test
  void aFileThatWasReplacedByAnOlderOneIsFound() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    var check = check(first.bytes(), first.bytes());

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.message()).contains("27 bytes of effects are in it again");
  }

  @Test
  void aFileThatWasOnlyBegunChangesNothingAboutTheOneBefore() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    var begun = new TestLog(first.offset());
    first.command("SET", "b", "2").group();
    assertThat(check(first.bytes(), begun.bytes()).verdict()).isEqualTo(Verdict.CLEAN);

    var torn = check(concat(first.bytes(), ascii("*3\r\n")), begun.bytes());
    assertThat(torn.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
    assertThat(torn.file()).contains(INCR1);
    assertThat(RepairPlan.of(torn).orElseThrow().cuts())
        .containsExactly(new RepairPlan.Cut(dir.resolve(INCR1), first.size(), 4));
  }

  @Test
  void aBaseOfCommandsThatWasCutBetweenTwoGroupsIsCorruptBase() throws IOException {
    var base = new TestLog(900).command("SET", "a", "1").group();
    int cut = base.size();
    var whole = base.command("SET", "b", "2").markAt(900).bytes();
    var incr = new TestLog(900).command("SET", "c", "3").group();
    var data = data(incr.bytes()).file("appendonlydir/appendonly.aof.1.base.rdb", whole);
    assertThat(data.check().verdict()).isEqualTo(Verdict.CLEAN);

    data.file("appendonlydir/appendonly.aof.1.base.rdb", Arrays.copyOf(whole, cut));
    var check = data.check();
    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_BASE);
    assertThat(check.message()).contains("the mark that ends a base");
  }

  @Test
  void aFirstMarkThatIsTornPromisesNothing() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    var second = new TestLog(first.offset()).bytes();
    for (int cut = 1; cut < second.length; cut++) {
      var check = check(first.bytes(), Arrays.copyOf(second, cut));

      assertThat(check.verdict()).isEqualTo(Verdict.TRUNCATED_TAIL);
      assertThat(check.file()).contains(INCR2);
      assertThat(check.promisedBytes()).isEqualTo(cut == 1 ? 1 : 0);
    }
  }

  @Test
  void theFirstPageOfANewFileMayBeLostWithNothingPromised() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    var second = new TestLog(first.offset());
    for (int i = 0; i < 500; i++) {
      second.command("SET", "k", "some value").group();
    }
    var bytes = second.mark().bytes();
    Arrays.fill(bytes, 0, 4096, (byte) 0);
    var check = check(first.bytes(), bytes);

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.file()).contains(INCR2);
    assertThat(check.offset()).hasValue(0);
    assertThat(check.promisedBytes()).isZero();
  }

  @Test
  void zerosAreCutInEachFile() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    var second = new TestLog(first.offset()).command("SET", "b", "2").group();
    var check = check(concat(first.bytes(), new byte[100]), concat(second.bytes(), new byte[200]));

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(check.bytesAtStake()).isZero();
    assertThat(RepairPlan.of(check).orElseThrow().cuts())
        .containsExactly(
            new RepairPlan.Cut(dir.resolve(INCR1), first.size(), 100),
            new RepairPlan.Cut(dir.resolve(INCR2), second.size(), 200));
  }

  @Test
  void zerosThatALogWasFilledAheadWithAreCutWithoutEvidence() throws IOException {
    var first = new TestLog(0).command("SET", "a", "1").group();
    var second = new TestLog(first.offset()).command("SET", "b", "2").group();
    var found = check(concat(first.bytes(), new byte[100]), concat(second.bytes(), new byte[200]));
    assertThat(FilledAhead.isAll(found)).isTrue();
    var cut = FilledAhead.cut(found);

    assertThat(cut.message())
        .isEqualTo("300 zero bytes that the log was filled ahead with were cut");
    var again = new Data(dir).check();
    assertThat(again.verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(cut.files()).isEqualTo(again.files());
    assertThat(dir.resolve("quarantine")).doesNotExist();
  }

  @Test
  void zerosOfAStockServerOrBehindATornGroupAreNotOnlyFilledAhead() throws IOException {
    var torn = new TestLog(0).command("SET", "a", "1").group().command("SET", "b", "2").flush();
    assertThat(FilledAhead.isAll(check(concat(torn.bytes(), new byte[9])))).isFalse();
    var stock = concat(ascii(resp("SET", "a", "1")), new byte[9]);
    assertThat(FilledAhead.isAll(check(stock))).isFalse();
    assertThat(FilledAhead.isAll(check(new TestLog(0).bytes()))).isFalse();
  }

  @Test
  void damageInAFileThatIsNotTheLastHadBeenPromised() throws IOException {
    var first = new TestLog(0).command("SET", "a", "value").group();
    var second = new TestLog(first.offset()).command("SET", "b", "2").group();
    var check = check(flipped(first.bytes(), "value"), second.bytes());

    assertThat(check.verdict()).isEqualTo(Verdict.CORRUPT_MIDDLE);
    assertThat(check.file()).contains(INCR1);
    assertThat(check.promisedBytes()).isEqualTo(check.bytesAtStake());
  }

  @Test
  void aNewFileOfWhichNoManifestKnowsMatterOnlyWithCommands() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    var next = new TestLog(log.offset());
    var data = data(log.bytes());

    assertThat(data.file(INCR2, next.bytes()).check().verdict()).isEqualTo(Verdict.CLEAN);
    assertThat(data.file(INCR2, Arrays.copyOf(next.bytes(), 9)).check().verdict())
        .isEqualTo(Verdict.CLEAN);
    next.command("SET", "b", "2").group();
    assertThat(data.file(INCR2, next.bytes()).check().verdict()).isEqualTo(Verdict.UNCLAIMED_FILES);
  }

  @Test
  void everyChangedByteOfALogIsFoundAndWhatIsBeforeItsGroupIsKept() throws IOException {
    var log = new TestLog(0).select(0).command("SET", "a", "1").group();
    log.command("MULTI").command("INCR", "a").command("EXEC").synced().mark();
    log.command("SET", "b", "2").group();
    for (int at = 0; at < log.size(); at++) {
      var bytes = log.bytes();
      bytes[at] ^= (byte) (1 << at % 8);
      var check = check(bytes);

      assertThat(check.verdict().isGood()).as("byte %d", at).isFalse();
      assertThat(check.offset().getAsLong()).isLessThanOrEqualTo(at);
    }
  }

  private AofCheck check(byte[] incr) throws IOException {
    return data(incr).check();
  }

  private AofCheck check(byte[] first, byte[] second) throws IOException {
    return data(first).manifest(TWO).file(INCR2, second).check();
  }

  private Data data(byte[] incr) throws IOException {
    return new Data(dir).manifest(Data.MANIFEST).base(2).file(INCR1, incr);
  }

  private static byte[] flipped(byte[] bytes, String where) {
    var flipped = bytes.clone();
    flipped[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(where)] ^= 1;
    return flipped;
  }
}
