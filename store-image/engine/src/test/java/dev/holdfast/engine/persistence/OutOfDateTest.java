package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.SimStorage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of an AOF that was switched off, and manifests that are older than the files. */
class OutOfDateTest {
  private static final String SET_A = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
  private static final String MANIFEST = "appendonly.aof.manifest";
  private static final String OUT_OF_DATE = "is out of date: it was switched off";

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SimStorage storage = new SimStorage();

  private SimServer start(boolean appendOnly) throws LoadException {
    return new SimServer(storage, clock, settings).load(appendOnly);
  }

  private static void set(SimServer server, String key) {
    server.execute(0, List.of("SET", key, "v"));
    later(server);
  }

  private static void later(SimServer server) {
    server.clock.advanceMillis(200);
    server.persistence.cron();
    server.settle();
  }

  private static void end(SimServer server) {
    assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE)).isNull();
    server.close();
  }

  private void assertLoads(String... keys) throws LoadException {
    try (var server = start(true)) {
      server.settle();
      assertThat(server.contents()).containsOnlyKeys(keys);
    }
  }

  private void assertRefused(String words) {
    assertThatThrownBy(() -> start(true))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining(words);
  }

  private void put(String name, String content) {
    storage.put(SimServer.FOLDER.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private boolean exists(String name) {
    return storage.exists(SimServer.FOLDER.resolve(name));
  }

  @Test
  void filesOfAnAofThatWasSwitchedOffBeforeAChangeAreNotLoaded() throws Exception {
    var server = start(true);
    set(server, "old");
    assertThat(server.persistence.appendOnly(false)).isNull();
    set(server, "new");
    end(server);
    assertRefused(OUT_OF_DATE);
    assertRefused("none was saved");
  }

  @Test
  void theRefusalNamesTheDumpThatHoldsTheNewerData() throws Exception {
    var server = start(true);
    assertThat(server.persistence.appendOnly(false)).isNull();
    set(server, "new");
    assertThat(server.persistence.save()).isNull();
    end(server);
    assertRefused("what was saved of it is in /data/dump.rdb");
  }

  @Test
  void aDumpIsNeverNewerThanFilesThatAreNotMarked() throws Exception {
    var server = start(true);
    assertThat(server.persistence.appendOnly(false)).isNull();
    server.execute(0, List.of("SET", "new", "v"));
    assertThat(server.persistence.save()).isNull();
    server.close();
    assertRefused(OUT_OF_DATE);
  }

  @Test
  void filesThatNothingWasChangedAfterAreLoaded() throws Exception {
    var server = start(true);
    set(server, "kept");
    assertThat(server.persistence.appendOnly(false)).isNull();
    end(server);
    assertLoads("0/kept");
  }

  @Test
  void theEndOfAServerDoesNotMakeItsFilesOutOfDate() throws Exception {
    var server = start(true);
    set(server, "kept");
    assertThat(server.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE)).isNull();
    later(server);
    server.close();
    assertLoads("0/kept");
  }

  @Test
  void changesOfAServerThatStartedWithoutTheAofCountToo() throws Exception {
    var server = start(true);
    set(server, "old");
    assertThat(server.persistence.save()).isNull();
    end(server);
    server = start(false);
    set(server, "new");
    server.close();
    assertRefused(OUT_OF_DATE);
  }

  @Test
  void aServerThatStartsWithoutTheAofTwiceDoesNotForget() throws Exception {
    var server = start(true);
    end(server);
    server = start(false);
    set(server, "new");
    end(server);
    end(start(false));
    assertRefused(OUT_OF_DATE);
  }

  @Test
  void switchingOnAgainMakesTheFilesCurrent() throws Exception {
    var server = start(true);
    set(server, "old");
    assertThat(server.persistence.appendOnly(false)).isNull();
    set(server, "new");
    assertThat(server.persistence.appendOnly(true)).isNull();
    later(server);
    set(server, "newest");
    end(server);
    assertThat(exists("appendonly.aof.stale")).isFalse();
    assertLoads("0/old", "0/new", "0/newest");
  }

  @Test
  void theMarkMeansNothingForOtherFiles() throws Exception {
    put("appendonly.aof.stale", "file appendonly.aof.7.incr.aof seq 7 type i\n");
    put(MANIFEST, "file appendonly.aof.1.incr.aof seq 1 type i\n");
    put("appendonly.aof.1.incr.aof", SET_A);
    assertLoads("0/a");
  }

  @Test
  void removingTheMarkGoesBackToTheOldData() throws Exception {
    var server = start(true);
    set(server, "old");
    assertThat(server.persistence.appendOnly(false)).isNull();
    set(server, "new");
    end(server);
    storage.remove(SimServer.FOLDER.resolve("appendonly.aof.stale"));
    assertLoads("0/old");
  }

  @Test
  void aManifestThatIsOlderThanTheFilesIsRefused() {
    put(MANIFEST, "file appendonly.aof.1.incr.aof seq 1 type i\n");
    put("appendonly.aof.1.incr.aof", SET_A);
    put("appendonly.aof.2.incr.aof", SET_A);
    assertRefused("is older than the files beside it: it does not name appendonly.aof.2.incr.aof");
  }

  @Test
  void whatARewriteLeftThatDidNotComeIntoForceIsSwept() throws Exception {
    put(MANIFEST, "file appendonly.aof.1.incr.aof seq 1 type i\n");
    put("appendonly.aof.1.incr.aof", SET_A);
    put("appendonly.aof.2.incr.aof", "");
    put("appendonly.aof.1.base.aof", SET_A);
    assertLoads("0/a");
    assertThat(exists("appendonly.aof.2.incr.aof")).isFalse();
    assertThat(exists("appendonly.aof.1.base.aof")).isFalse();
  }

  @Test
  void aStartWithTheAofOffThatLosesEveryKeyIsTold() throws Exception {
    var server = start(true);
    set(server, "old");
    assertThat(server.persistence.appendOnly(false)).isNull();
    set(server, "new");
    end(server);
    try (var again = start(false)) {
      assertThat(again.contents()).isEmpty();
      assertThat(again.events)
          .anyMatch(
              line -> line.contains("Starting with no key: the append only file is switched off"));
    }
  }

  @Test
  void aStartWithTheAofOffIsRefusedWhenTheFilesStillHoldWhatTheStoreHad() throws Exception {
    var server = start(true);
    set(server, "old");
    assertThat(server.persistence.appendOnly(false)).isNull();
    end(server);
    assertThatThrownBy(() -> start(false))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("The store would come up empty");
    assertLoads("0/old");
  }
}
