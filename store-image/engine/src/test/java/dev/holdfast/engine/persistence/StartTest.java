package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start does with what it finds. */
class StartTest {
  private static final String SET_A = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
  private static final String SET_B = "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n";
  private static final String MANIFEST = "appendonly.aof.manifest";
  private static final String BASE_1 = "appendonly.aof.1.base.rdb";
  private static final String INCR_1 = "appendonly.aof.1.incr.aof";
  private static final String INCR_2 = "appendonly.aof.2.incr.aof";

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private SimStorage storage = new SimStorage();

  private void put(String name, String content) {
    storage.put(SimServer.FOLDER.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String content(String name) {
    return new String(storage.content(SimServer.FOLDER.resolve(name)), StandardCharsets.ISO_8859_1);
  }

  private Map<String, String> load() throws LoadException {
    return load(true);
  }

  private Map<String, String> load(boolean appendOnly) throws LoadException {
    try (var server = new SimServer(storage, clock, settings)) {
      server.load(appendOnly);
      var contents = server.contents();
      server.settle();
      return contents;
    }
  }

  private void assertRefused(String words) {
    var before =
        storage.paths().stream()
            .map(path -> path + new String(storage.content(path), StandardCharsets.ISO_8859_1))
            .toList();
    assertThatThrownBy(this::load).isInstanceOf(LoadException.class).hasMessageContaining(words);
    assertThat(
            storage.paths().stream()
                .map(path -> path + new String(storage.content(path), StandardCharsets.ISO_8859_1)))
        .as("a refused start changes nothing")
        .isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|Found an empty AOF manifest",
        "file x seq 1~|Invalid AOF manifest file format",
        "file appendonly.aof.1.base.rdb seq 1 type b~file appendonly.aof.2.base.rdb seq 2 type"
            + " b~|Found duplicate base file information",
        "file appendonly.aof.2.incr.aof seq 2 type i~file appendonly.aof.1.incr.aof seq 1 type"
            + " i~|Found a non-monotonic sequence number",
        "file x seq 1 type z~|Unknown AOF file type",
        "file ../x seq 1 type b~|File can't be a path, just a filename",
      })
  void aFaultyManifestIsRefusedWithTheFieldsWords(String manifest, String words) {
    put(MANIFEST, manifest.replace('~', '\n'));
    assertRefused(words);
  }

  @Test
  void theEndOffsetOfRedis8IsGoneFromTheManifestBeforeAnythingIsAppended() throws Exception {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i startoffset 40 endoffset 67\n");
    put(INCR_1, SET_A);
    try (var server = new SimServer(storage, clock, settings).load(true)) {
      assertThat(content(MANIFEST)).isEqualTo("file " + INCR_1 + " seq 1 type i startoffset 40\n");
      assertThat(content(INCR_1)).isEqualTo(SET_A);
      assertThat(storage.lasting(SimServer.FOLDER.resolve(MANIFEST)))
          .isEqualTo(storage.content(SimServer.FOLDER.resolve(MANIFEST)));
    }
  }

  @Test
  void aManifestLineThatIsTooLongIsRefused() {
    put(MANIFEST, "file " + "x".repeat(1100) + " seq 1 type b\n");
    assertRefused("The AOF manifest file contains too long line");
  }

  @Test
  void aBaseThatHoldsAKeyTwiceIsRefused() {
    put(MANIFEST, "file " + BASE_1 + " seq 1 type b\n");
    put(BASE_1, base("\3", "\0\1a\0011", "\0\1b\0012", "\0\1a\0013"));
    assertRefused("holds a key twice");
  }

  @Test
  void whatABaseSaysOfTheNumberOfItsKeysIsOnlyAHint() throws Exception {
    put(MANIFEST, "file " + BASE_1 + " seq 1 type b\n");
    var most = "\u0081\u007f" + "\u00ff".repeat(7);
    for (var told : List.of("\0", "\1", "\2", most)) {
      put(BASE_1, base(told, "\0\1a\0011", "\0\1b\0012"));
      assertThat(load()).isEqualTo(Map.of("0/a", "1@-1", "0/b", "2@-1"));
    }
  }

  /** An RDB file without a checksum whose database 0 announces some number of keys. */
  private static String base(String announced, String... entries) {
    return "REDIS0010\u00fe\0\u00fb"
        + announced
        + "\0"
        + String.join("", entries)
        + "\u00ff"
        + "\0".repeat(8);
  }

  @Test
  void aFileThatTheManifestNamesAndThatIsGoneIsRefused() {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    assertRefused(INCR_1 + ", which does not exist");
  }

  @Test
  void filesWithoutAManifestAreRefusedWhenTheyHoldSomething() {
    put(INCR_1, SET_A);
    assertRefused("manifest");
  }

  @Test
  void filesWithoutAManifestThatHoldNothingAreTheRestOfAnInterruptedFirstStart() throws Exception {
    put(INCR_1, "");
    assertThat(load()).isEmpty();
    assertThat(content(MANIFEST)).contains("appendonly.aof.1.base.rdb", INCR_1);
  }

  @Test
  void aDumpIsNotHiddenByAnEmptyAof() throws Exception {
    settings.savePoints = List.of();
    try (var server = new SimServer(storage, clock, settings).load(false)) {
      server.execute(0, List.of("SET", "k", "v"));
      assertThat(server.persistence.save()).isNull();
    }
    assertRefused("dump.rdb holds data, but the append only file is switched on");
    assertThat(load(false)).containsExactly(Map.entry("0/k", "v@-1"));
  }

  @Test
  void aDumpWithoutKeysIsNoReasonToRefuse() throws Exception {
    try (var server = new SimServer(storage, clock, settings).load(false)) {
      assertThat(server.persistence.save()).isNull();
    }
    assertThat(load()).isEmpty();
  }

  @Test
  void keysOfADumpThatHaveExpiredAreNotLoaded() throws Exception {
    try (var server = new SimServer(storage, clock, settings).load(false)) {
      server.execute(0, List.of("SET", "k", "v"));
      server.execute(0, List.of("SET", "gone", "v"));
      server.execute(0, List.of("PEXPIREAT", "gone", "1700000001000"));
      assertThat(server.persistence.save()).isNull();
    }
    clock.advanceMillis(5_000);
    assertThat(load(false)).containsOnlyKeys("0/k");
  }

  @Test
  void keysOfABaseThatHaveExpiredAreLoadedBecauseLaterCommandsMayNeedThem() throws Exception {
    try (var server = new SimServer(storage, clock, settings).load(true)) {
      server.execute(0, List.of("SET", "gone", "v"));
      server.execute(0, List.of("PEXPIREAT", "gone", "1700000001000"));
      server.persistence.startRewrite();
      server.settle();
    }
    clock.advanceMillis(5_000);
    assertThat(load()).containsOnlyKeys("0/gone");
  }

  @Test
  void aCutTailIsRemovedAndTheRestLoaded() throws Exception {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A + SET_B.substring(0, 20));
    assertThat(load()).containsOnlyKeys("0/a");
    assertThat(content(INCR_1)).isEqualTo(SET_A);
  }

  @Test
  void aTransactionWithoutItsEndIsRemovedWhole() throws Exception {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A + "*1\r\n$5\r\nMULTI\r\n" + SET_B);
    assertThat(load()).containsOnlyKeys("0/a");
    assertThat(content(INCR_1)).isEqualTo(SET_A);
  }

  @Test
  void aCutTailIsRefusedWhenItIsNotWanted() {
    settings.loadTruncated = false;
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A + SET_B.substring(0, 20));
    assertRefused("Unexpected end of file reading the append only file");
  }

  @Test
  void aCutTailInTheMiddleOfTheLogIsRefused() {
    put(MANIFEST, "file %s seq 1 type i\nfile %s seq 2 type i\n".formatted(INCR_1, INCR_2));
    put(INCR_1, SET_A + SET_B.substring(0, 20));
    put(INCR_2, SET_B);
    assertRefused("Fatal error: the truncated file is not the last file");
  }

  @Test
  void aCutTailBeforeFilesThatAreEmptyIsTheEndOfTheLog() throws Exception {
    put(MANIFEST, "file %s seq 1 type i\nfile %s seq 2 type i\n".formatted(INCR_1, INCR_2));
    put(INCR_1, SET_A + SET_B.substring(0, 20));
    put(INCR_2, "");
    assertThat(load()).containsOnlyKeys("0/a");
    assertThat(content(INCR_1)).isEqualTo(SET_A);
  }

  @ParameterizedTest
  @CsvSource({"garbage", "*3\\r\\n$4\\r\\nSET\\r\\n"})
  void bytesThatAreNoAofAreRefusedWithTheirOffset(String garbage) {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A + garbage.replace("\\r\\n", "\r\n") + SET_B);
    assertRefused("Bad file format reading the append only file");
  }

  @Test
  void aCommandThatNobodyKnowsIsRefused() {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A + "*1\r\n$5\r\nHELLO\r\n");
    assertRefused("Unknown command 'HELLO' reading the append only file");
  }

  @Test
  void aDamagedBaseIsRefused() throws Exception {
    try (var server = new SimServer(storage, clock, settings).load(true)) {
      server.execute(0, List.of("SET", "k", "value"));
      server.persistence.startRewrite();
      server.settle();
    }
    var base = SimServer.FOLDER.resolve("appendonly.aof.2.base.rdb");
    var bytes = storage.content(base);
    bytes[bytes.length - 12] ^= 1;
    storage.put(base, bytes);
    assertRefused("Bad file format reading the append only file");
  }

  @Test
  void aSingleFileOfRedis6IsTakenOver() throws Exception {
    storage.put(SimServer.DIR.resolve("appendonly.aof"), SET_A.getBytes(StandardCharsets.US_ASCII));
    assertThat(load()).containsOnlyKeys("0/a");
    assertThat(content(MANIFEST))
        .isEqualTo(
            "file appendonly.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
    assertThat(load()).containsOnlyKeys("0/a");
  }

  @Test
  void aSingleFileWithAnRdbPreambleIsTakenOver() throws Exception {
    try (var server = new SimServer(storage, clock, settings).load(false)) {
      server.execute(0, List.of("SET", "b", "2"));
      assertThat(server.persistence.save()).isNull();
    }
    var dump = SimServer.DIR.resolve("dump.rdb");
    var single = new java.io.ByteArrayOutputStream();
    single.writeBytes(storage.content(dump));
    single.writeBytes(SET_A.getBytes(StandardCharsets.US_ASCII));
    storage.remove(dump);
    storage.put(SimServer.DIR.resolve("appendonly.aof"), single.toByteArray());
    assertThat(load()).containsOnlyKeys("0/a", "0/b");
    assertThat(load()).containsOnlyKeys("0/a", "0/b");
  }

  @Test
  void aTakeOverThatWasInterruptedIsFinished() throws Exception {
    storage.put(SimServer.DIR.resolve("appendonly.aof"), SET_A.getBytes(StandardCharsets.US_ASCII));
    put(MANIFEST, "file appendonly.aof seq 1 type b\n");
    assertThat(load()).containsOnlyKeys("0/a");
  }

  @Test
  void whatInterruptedRewritesLeaveIsSwept() throws Exception {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A);
    put("temp-appendonly.aof.manifest", "x");
    put("temp-appendonly.aof.incr", "x");
    storage.put(SimServer.DIR.resolve("temp-rewriteaof-bg-77.aof"), new byte[3]);
    storage.put(SimServer.DIR.resolve("temp-4711.rdb"), new byte[3]);
    load();
    assertThat(storage.paths())
        .noneMatch(path -> path.getFileName().toString().startsWith("temp-"));
  }

  @Test
  void historyFilesOfAnInterruptedRewriteAreRemovedAfterTheStart() throws Exception {
    put(MANIFEST, "file %s seq 1 type h\nfile %s seq 2 type i\n".formatted(INCR_1, INCR_2));
    put(INCR_1, SET_A);
    put(INCR_2, SET_B);
    assertThat(load()).containsOnlyKeys("0/b");
    assertThat(storage.exists(SimServer.FOLDER.resolve(INCR_1))).isFalse();
    assertThat(content(MANIFEST)).isEqualTo("file %s seq 2 type i\n".formatted(INCR_2));
  }

  @Test
  void aFolderThatRefusesARenameIsNoReasonToRepairASoundAof() {
    storage.put(
        SimServer.DIR.resolve("appendonly.aof"), SET_A.getBytes(StandardCharsets.ISO_8859_1));
    storage.fault(
        (_, call, file) -> {
          if (call.equals("rename")) {
            throw new StorageException(call, file, "Permission denied");
          }
        });
    assertThatThrownBy(this::load)
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("Permission denied")
        .hasMessageContaining("fsGroup")
        .hasMessageNotContaining("--fix");
  }

  @Test
  void aFileThatCannotBeReadIsNoReasonToRepairASoundAof() {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A);
    storage.fault(
        (_, call, file) -> {
          if (call.equals("read") && file.endsWith(INCR_1)) {
            throw new StorageException(call, file, "Input/output error");
          }
        });
    assertThatThrownBy(this::load)
        .isInstanceOf(LoadException.class)
        .hasMessageContaining(INCR_1 + ": Input/output error")
        .hasMessageNotContaining("--fix");
  }

  private void assertRefusedWhileOff(String file) {
    assertThatThrownBy(() -> load(false))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("The append only file is switched off and there is no /data/dump.rdb")
        .hasMessageContaining(file)
        .hasMessageContaining("start with \"--appendonly yes\"");
  }

  @Test
  void anAofThatIsSwitchedOffIsNotPassedOverWhenNothingElseHoldsItsData() throws Exception {
    put(MANIFEST, "file " + INCR_1 + " seq 1 type i\n");
    put(INCR_1, SET_A);
    assertRefusedWhileOff(INCR_1);
    assertThat(load(true)).containsOnlyKeys("0/a");
  }

  @Test
  void neitherAreFilesWithoutAManifestAndASingleFile() {
    put(INCR_1, SET_A);
    assertRefusedWhileOff(INCR_1);
    storage = new SimStorage();
    storage.put(
        SimServer.DIR.resolve("appendonly.aof"), SET_A.getBytes(StandardCharsets.ISO_8859_1));
    assertRefusedWhileOff("/data/appendonly.aof");
  }

  @Test
  void anAofWithoutAKeyThatIsSwitchedOffIsNoReasonToRefuse() throws Exception {
    assertThat(load(true)).isEmpty();
    assertThat(load(false)).isEmpty();
  }

  @Test
  void whatWasSavedIsLoadedWhileTheAofIsOff() throws Exception {
    try (var server = new SimServer(storage, clock, settings).load(true)) {
      server.execute(0, List.of("SET", "k", "v"));
      server.settle();
      assertThat(server.persistence.appendOnly(false)).isNull();
      assertThat(server.persistence.save()).isNull();
    }
    assertThat(load(false)).containsOnlyKeys("0/k");
  }
}
