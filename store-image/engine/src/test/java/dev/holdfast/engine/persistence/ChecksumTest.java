package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The log checks itself: what is written, and what a start does with what it finds. */
class ChecksumTest {
  private static final String SELECT_0 = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n";
  private static final String INCR_1 = "appendonly.aof.1.incr.aof";
  private static final String INCR_2 = "appendonly.aof.2.incr.aof";
  private static final String MARK = "#M(\\d+):([0-9a-f]{16}):(\\d+):(\\d+):(\\d+):[0-9a-f]{8}\r\n";

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();

  private SimServer start() throws LoadException {
    return new SimServer(storage, clock, settings).load(true);
  }

  private static String set(String key, String value) {
    return "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
        .formatted(key.length(), key, value.length(), value);
  }

  /** One iteration with these keys. */
  private static void group(SimServer server, String... keys) {
    for (var key : keys) {
      server.execute(0, List.of("SET", key, "value"));
    }
    server.persistence.log().endOfIteration();
  }

  private String content(String name) {
    return new String(storage.content(SimServer.FOLDER.resolve(name)), StandardCharsets.ISO_8859_1);
  }

  private void put(String name, String content) {
    storage.put(SimServer.FOLDER.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void wait(SimServer server, long millis) {
    for (long done = 0; done < millis; done += 100) {
      clock.advanceMillis(100);
      server.persistence.cron();
      server.settle();
    }
  }

  private Map<String, String> load() throws LoadException {
    try (var server = start()) {
      return server.contents();
    }
  }

  private void assertRefused(String... words) {
    assertThatThrownBy(this::load).isInstanceOf(LoadException.class).hasMessageContainingAll(words);
  }

  @Test
  void aFileBeginsWithAMarkAndEachWriteEndsWithALine() throws Exception {
    try (var server = start()) {
      group(server, "a", "b");
      group(server, "c");
    }
    assertThat(content(INCR_1))
        .matches(
            Pattern.compile(
                "#M0:[0-9a-f]{16}:0:0:0:[0-9a-f]{8}\r\n"
                    + Pattern.quote("#\r\n" + SELECT_0 + set("a", "value") + set("b", "value"))
                    + "#D\\d+:[0-9a-f]{8}\r\n"
                    + Pattern.quote(set("c", "value"))
                    + "#G\\d+:[0-9a-f]{8}\r\n",
                Pattern.DOTALL));
  }

  @Test
  void aLineIsAMarkAfter64KiBAndAfterASecond() throws Exception {
    try (var server = start()) {
      server.execute(0, List.of("SET", "k", "x".repeat(70_000)));
      server.persistence.log().endOfIteration();
      group(server, "a");
      clock.advanceMillis(1_000);
      group(server, "b");
    }
    var lines =
        Pattern.compile("#([GM])\\d+:").matcher(content(INCR_1)).results().map(r -> r.group(1));
    assertThat(lines).containsExactly("M", "M", "G", "M");
  }

  @Test
  void aTimeStampStandsRightBehindALine() throws Exception {
    settings.timestamps = true;
    try (var server = start()) {
      server.execute(0, List.of("SET", "a", "value"));
      clock.advanceMillis(1_000);
      server.execute(0, List.of("SET", "b", "value"));
      server.settle();
    }
    assertThat(content(INCR_1).split("#TS:")).hasSize(3);
    assertThat(Pattern.compile("[0-9a-f]{8}\r\n#TS:").matcher(content(INCR_1)).results())
        .hasSize(2);
    assertThat(load()).hasSize(2);
  }

  @Test
  void aMarkSaysOnceWhatIsDurableWhenNothingIsWrittenAfterASync() throws Exception {
    try (var server = start()) {
      group(server, "a");
      wait(server, 2_000);
      int size = content(INCR_1).length();
      long offset = server.persistence.log().appendedOffset();
      assertThat(content(INCR_1))
          .containsPattern("#M0:[0-9a-f]{16}:0:%d:%d:[0-9a-f]{8}\r\n$".formatted(offset, offset));
      wait(server, 5_000);
      assertThat(content(INCR_1)).hasSize(size);
    }
  }

  @Test
  void aLargeIterationIsSeveralGroupsAndATransactionIsOne() throws Exception {
    try (var server = start()) {
      for (int i = 0; i < 4; i++) {
        server.execute(0, List.of("SET", "k" + i, "x".repeat(700_000)));
      }
      server.persistence.log().begin();
      for (int i = 0; i < 4; i++) {
        server.execute(0, List.of("SET", "t" + i, "x".repeat(700_000)));
      }
      server.persistence.log().end();
      server.settle();
    }
    var lengths =
        Pattern.compile("#[GM](\\d+):")
            .matcher(content(INCR_1))
            .results()
            .map(r -> Long.parseLong(r.group(1)) / 700_000)
            .toList();
    assertThat(lengths).containsExactly(0L, 2L, 2L, 4L);
    assertThat(load()).hasSize(8);
  }

  @Test
  void aFlippedBitOfAValueIsRefusedWithFileAndOffset() throws Exception {
    int start;
    try (var server = start()) {
      group(server, "a");
      start = content(INCR_1).length();
      group(server, "flipped");
      wait(server, 2_000);
    }
    put(
        INCR_1,
        content(INCR_1).replaceFirst("flipped\r\n\\$5\r\nvalue", "flipped\r\n\\$5\r\nvalud"));
    assertRefused(INCR_1, "at offset " + start, "with CRC", "holdfast-check-aof --fix");
  }

  @Test
  void aLostGroupIsRefused() throws Exception {
    int from;
    int to;
    try (var server = start()) {
      group(server, "a");
      from = content(INCR_1).length();
      group(server, "b");
      to = content(INCR_1).length();
      group(server, "c");
      wait(server, 2_000);
    }
    var whole = content(INCR_1);
    put(INCR_1, whole.substring(0, from) + whole.substring(to));
    assertRefused(INCR_1, "offset " + from);
  }

  @Test
  void aGroupWithoutItsLineIsNotLoadedAndCutBeforeAnythingIsAppended() throws Exception {
    int good;
    int size;
    try (var server = start()) {
      group(server, "a");
      good = content(INCR_1).length();
      group(server, "b", "c");
      size = content(INCR_1).length();
    }
    var whole = content(INCR_1);
    for (int cut = good; cut < size; cut++) {
      put(INCR_1, whole.substring(0, cut));
      try (var server = start()) {
        assertThat(server.contents()).containsOnlyKeys("0/a");
        assertThat(content(INCR_1)).isEqualTo(whole.substring(0, good));
        group(server, "d");
      }
      assertThat(load()).containsOnlyKeys("0/a", "0/d");
    }
  }

  @Test
  void zerosAtTheEndAreCut() throws Exception {
    try (var server = start()) {
      group(server, "a");
    }
    var whole = content(INCR_1);
    put(INCR_1, whole + "\0".repeat(5_000));
    assertThat(load()).containsOnlyKeys("0/a");
    assertThat(content(INCR_1)).isEqualTo(whole);
  }

  @Test
  void damageBehindWhatWasPromisedIsKeptInQuarantineAndCut() throws Exception {
    int good;
    try (var server = start()) {
      group(server, "a");
      wait(server, 2_000);
      good = content(INCR_1).length();
      group(server, "b");
      group(server, "c");
    }
    var damaged = content(INCR_1).replace("$1\r\nb", "$1\r\n\0");
    put(INCR_1, damaged);
    assertThat(load()).containsOnlyKeys("0/a");
    assertThat(content(INCR_1)).isEqualTo(damaged.substring(0, good));
    assertThat(storage.paths())
        .filteredOn(path -> path.startsWith(SimServer.DIR.resolve("quarantine")))
        .singleElement()
        .satisfies(
            path -> {
              assertThat(path.getFileName()).hasToString(INCR_1 + "." + good);
              assertThat(new String(storage.content(path), StandardCharsets.ISO_8859_1))
                  .isEqualTo(damaged.substring(good));
            });
  }

  @Test
  void damageThatALaterMarkCallsDurableIsRefused() throws Exception {
    try (var server = start()) {
      group(server, "a");
      group(server, "b");
      wait(server, 2_000);
      group(server, "c");
    }
    put(INCR_1, content(INCR_1).replace("$1\r\nb", "$1\r\n\0"));
    assertRefused("Bad file format reading the append only file");
  }

  @Test
  void underAlwaysDamageBeforeTheLastGroupIsRefusedWithoutAnyMark() throws Exception {
    settings.fsync = Fsync.ALWAYS;
    try (var server = start()) {
      for (var key : List.of("a", "b", "c", "d")) {
        group(server, key);
      }
    }
    var whole = content(INCR_1);
    assertThat(Pattern.compile(MARK).matcher(whole).results()).hasSize(1);
    for (var key : List.of("a", "b", "c")) {
      put(INCR_1, whole.replace("$1\r\n" + key, "$1\r\nx"));
      assertRefused(INCR_1, "with CRC");
    }
    put(INCR_1, whole.replace("$1\r\nd", "$1\r\nx"));
    assertThat(load()).containsOnlyKeys("0/a", "0/b", "0/c");
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void afterACleanStopNothingIsAtStake(Fsync policy) throws Exception {
    settings.fsync = policy;
    long offset;
    try (var server = start()) {
      group(server, "a");
      group(server, "b");
      offset = server.persistence.log().appendedOffset();
      assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE)).isNull();
    }
    var whole = content(INCR_1);
    assertThat(whole)
        .containsPattern("#M0:[0-9a-f]{16}:0:%d:%d:[0-9a-f]{8}\r\n$".formatted(offset, offset));
    put(INCR_1, whole.replace("$1\r\nb", "$1\r\nx"));
    assertRefused(INCR_1, "with CRC");
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aStartWithoutWritesAddsNothingToTheFile(Fsync policy) throws Exception {
    settings.fsync = policy;
    try (var server = start()) {
      group(server, "a");
      server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE);
    }
    var before = content(INCR_1);
    try (var server = start()) {
      wait(server, 2_000);
      server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE);
    }
    assertThat(content(INCR_1)).isEqualTo(before);
  }

  @Test
  void aMarkThatFindsNoRoomAtTheEndLeavesAWholeFileAndIsNoFailure() throws Exception {
    try (var server = start()) {
      group(server, "a");
      wait(server, 2_000);
      group(server, "b");
      var before = content(INCR_1);
      storage.free(30);
      assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE)).isNull();
      assertThat(content(INCR_1)).isEqualTo(before);
    }
    storage.free(Long.MAX_VALUE);
    assertThat(load()).containsOnlyKeys("0/a", "0/b");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fsync.class,
      names = {"ALWAYS", "EVERYSEC"})
  void anIdleServerSaysThatEverythingIsDurable(Fsync policy) throws Exception {
    settings.fsync = policy;
    try (var server = start()) {
      group(server, "a");
      wait(server, 2_000);
      long offset = server.persistence.log().appendedOffset();
      assertThat(content(INCR_1))
          .containsPattern("#M0:[0-9a-f]{16}:0:%d:%d:[0-9a-f]{8}\r\n$".formatted(offset, offset));
    }
  }

  @Test
  void aFlippedLengthThatReachesBeyondTheEndIsRefusedWhereALaterMarkCallsItDurable()
      throws Exception {
    try (var server = start()) {
      group(server, "a");
      group(server, "b");
      wait(server, 2_000);
    }
    put(INCR_1, content(INCR_1).replace("$1\r\nb", "$9999\r\nb"));
    assertRefused(INCR_1, "the end of the file");
  }

  @Test
  void whatAStockServerAppendedIsLoadedAndCoveredByTheNextMark() throws Exception {
    long offset;
    try (var server = start()) {
      group(server, "a");
      offset = server.persistence.log().appendedOffset();
    }
    var stock = SELECT_0 + set("b", "stock");
    var before = content(INCR_1);
    put(INCR_1, before + stock);
    try (var server = start()) {
      assertThat(server.contents()).containsEntry("0/b", "stock@-1");
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset + stock.length());
      group(server, "c");
    }
    int covered = stock.length() + ("#\r\n" + SELECT_0 + set("c", "value")).length();
    assertThat(content(INCR_1).substring(before.length() + stock.length()))
        .containsPattern("#M" + covered + ":[0-9a-f]{16}:");
    assertThat(load()).hasSize(3);
    put(INCR_1, content(INCR_1).replace("stock", "stick"));
    assertRefused("Bad file format");
  }

  @Test
  void aFileOfAStockServerIsCoveredFromItsStart() throws Exception {
    put("appendonly.aof.manifest", "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SELECT_0 + set("a", "stock"));
    try (var server = start()) {
      group(server, "b");
    }
    assertThat(content(INCR_1)).startsWith(SELECT_0 + set("a", "stock"));
    assertThat(load()).containsOnlyKeys("0/a", "0/b");
    put(INCR_1, content(INCR_1).replace("stock", "stick"));
    assertRefused("Bad file format");
  }

  @Test
  void theLogicalOffsetGoesOnAcrossRestartsRewritesAndWhileTheAofIsOff() throws Exception {
    long offset;
    try (var server = start()) {
      group(server, "a");
      offset = server.persistence.log().appendedOffset();
      wait(server, 1_000);
    }
    try (var server = start()) {
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset);
      server.persistence.startRewrite();
      server.settle();
      group(server, "b");
      offset += (SELECT_0 + set("b", "value")).length();
      assertThat(server.persistence.log().appendedOffset()).isGreaterThanOrEqualTo(offset);
      offset = server.persistence.log().appendedOffset();
      wait(server, 1_000);
    }
    try (var server = start()) {
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset);
      server.persistence.appendOnly(false);
      group(server, "c");
      offset = server.persistence.log().appendedOffset();
      server.persistence.appendOnly(true);
      wait(server, 1_000);
    }
    try (var server = start()) {
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset);
    }
  }

  @Test
  void theLogicalOffsetGoesOnOverStartsWithTheAofOff() throws Exception {
    long offset;
    try (var server = start()) {
      group(server, "a");
      offset = server.persistence.log().appendedOffset();
      assertThat(server.persistence.save()).isNull();
      server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE);
    }
    try (var server = new SimServer(storage, clock, settings).load(false)) {
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset);
      group(server, "b");
      offset = server.persistence.log().appendedOffset();
      assertThat(server.persistence.save()).isNull();
    }
    try (var server = new SimServer(storage, clock, settings).load(false)) {
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset);
      server.persistence.appendOnly(true);
      wait(server, 1_000);
    }
    try (var server = start()) {
      assertThat(server.persistence.log().appendedOffset()).isEqualTo(offset);
    }
  }

  @Test
  void theLogicalOffsetGoesOnFromTheBaseWhereTheFilesBehindItHaveNoLines() throws Exception {
    long offset;
    try (var server = start()) {
      group(server, "a");
      server.persistence.startRewrite();
      server.settle();
      offset = server.persistence.log().appendedOffset();
    }
    put(INCR_2, SELECT_0 + set("b", "stock"));
    try (var server = start()) {
      assertThat(server.contents()).containsOnlyKeys("0/a", "0/b");
      assertThat(server.persistence.log().appendedOffset())
          .isEqualTo(offset + (SELECT_0 + set("b", "stock")).length());
    }
  }

  @Test
  void aSnapshotIsAsStockWritesItWithoutChecksums() throws Exception {
    settings.aofChecksum = false;
    try (var server = start()) {
      group(server, "a");
      server.persistence.startRewrite();
      server.settle();
    }
    assertThat(content("appendonly.aof.2.base.rdb")).doesNotContain("holdfast");
  }

  @Test
  void aTailThatIsMissingInAFileThatIsNotTheLastIsRefused() throws Exception {
    settings.fsync = Fsync.NO;
    int whole;
    int good;
    try (var server = start()) {
      group(server, "a");
      good = content(INCR_1).length();
      group(server, "b");
      whole = content(INCR_1).length();
      server.persistence.startRewrite();
      server.persistence.doWork();
      server.stepAgents();
      group(server, "c");
    }
    assertThat(content(INCR_2)).contains("#M0:");
    assertThat(content(INCR_1)).hasSize(whole);
    put(INCR_1, content(INCR_1).substring(0, good));
    assertRefused(INCR_2, "begins at offset", "bytes of commands are missing");
  }

  @Test
  void aBaseOfCommandsThatWasCutBetweenTwoGroupsIsRefused() throws Exception {
    settings.rdbPreamble = false;
    try (var server = start()) {
      for (int i = 0; i < 100; i++) {
        server.execute(0, List.of("SET", "k" + i, "x".repeat(2_000)));
      }
      server.persistence.startRewrite();
      server.settle();
    }
    var base = "appendonly.aof.2.base.aof";
    var bytes = storage.content(SimServer.FOLDER.resolve(base));
    var content = content(base);
    int end = content.indexOf("\r\n", content.indexOf("#G")) + 2;
    storage.put(SimServer.FOLDER.resolve(base), Arrays.copyOf(bytes, end));
    assertRefused(base, "the mark that ends a base");
  }

  @Test
  void withoutChecksumsFilesAreAsStockWritesThemFromTheNextFileOn() throws Exception {
    try (var server = start()) {
      group(server, "a");
      settings.aofChecksum = false;
      group(server, "b");
      assertThat(content(INCR_1)).containsPattern("#G\\d+:[0-9a-f]{8}\r\n$");
      server.persistence.startRewrite();
      server.settle();
      group(server, "c");
      assertThat(content(INCR_2)).isEqualTo(SELECT_0 + set("c", "value"));
      settings.aofChecksum = true;
      group(server, "d");
      assertThat(content(INCR_2)).doesNotContain("#");
    }
    assertThat(load()).hasSize(4);
  }

  @Test
  void eachFileHasAnIdentityOfItsOwn() throws Exception {
    try (var server = start()) {
      group(server, "a");
      server.persistence.startRewrite();
      server.settle();
      group(server, "b");
      var first = Pattern.compile(MARK).matcher(content(INCR_2));
      assertThat(first.find()).isTrue();
      var identity = first.group(2);
      server.persistence.startRewrite();
      server.settle();
      assertThat(content("appendonly.aof.3.incr.aof")).doesNotContain(identity);
    }
  }

  @Test
  void aRewriteInTheMiddleOfATransactionOfTheClientDoesNotTearItApart() throws Exception {
    try (var server = start()) {
      server.persistence.log().begin();
      server.execute(0, List.of("SET", "a", "value"));
      assertThat(server.persistence.appendOnly(false)).isNull();
      server.execute(0, List.of("SET", "b", "value"));
      server.persistence.log().end();
    }
    assertThat(load()).containsOnlyKeys("0/a");
  }
}
