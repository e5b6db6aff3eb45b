package dev.holdfast.engine.stock;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.server.TestEngine;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engine and a stock server get the same random stream of commands with their AOFs on, end, and
 * go on with each other's folder: what one wrote the other has, to the millisecond of each expiry.
 * Then they do it again, so that each appends to what the other wrote and opens what the other
 * appended.
 */
class SwappedFoldersTest {
  private static final int COMMANDS = Integer.getInteger("differential.swapped.commands", 600);
  private static final int SWAPS = 2;

  private Path home;

  @AfterEach
  void deleteFolders() throws IOException {
    if (home != null) {
      try (var files = Files.walk(home)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, seed {1}: checksum {2}, RDB preamble {3}, {4}")
  @CsvSource({
    "REDIS7_SERVER,11,yes,yes,everysec",
    "REDIS7_SERVER,12,yes,no,always",
    "REDIS7_SERVER,13,no,yes,no",
    "REDIS7_SERVER,14,no,no,everysec",
    "VALKEY_SERVER,15,yes,yes,always",
    "VALKEY_SERVER,16,yes,no,no",
    "VALKEY_SERVER,17,no,yes,everysec",
    "VALKEY_SERVER,18,no,no,always"
  })
  void eachGoesOnWithTheFolderOfTheOther(
      String stock, long seed, String checksum, String preamble, String fsync) throws IOException {
    createHome(stock);
    var options =
        List.of("--appendonly", "yes", "--appendfsync", fsync, "--aof-use-rdb-preamble", preamble);
    var ourOptions = new ArrayList<>(options);
    ourOptions.addAll(List.of("--aof-checksum", checksum, "--aof-fill-ahead", "yes"));
    var commands = new RandomCommands(seed);
    var ourFolder = Files.createDirectory(home.resolve("ours"));
    var theirFolder = Files.createDirectory(home.resolve("theirs"));
    Map<String, String> inOurs = Map.of();
    Map<String, String> inTheirs = Map.of();

    for (int swap = 0; swap <= SWAPS; swap++) {
      try (var server = StockServer.start(stock, seen(stock, theirFolder), array(options));
          var engine = TestEngine.start(ourFolder, array(ourOptions));
          var theirs = new RawClient(server.port());
          var ours = engine.client()) {
        assertThat(contents(ours)).as("ours, swap %d", swap).isEqualTo(inOurs);
        assertThat(contents(theirs)).as("theirs, swap %d", swap).isEqualTo(inTheirs);
        var differences = new Differences(stock);
        DifferentialTest.assertSameAnswers(theirs, ours, commands, COMMANDS / 2, differences);
        DifferentialTest.assertSameKeys(theirs, ours, 2, differences);
        rewrite(ours);
        rewrite(theirs);
        select(ours, 0);
        select(theirs, 0);
        DifferentialTest.assertSameAnswers(theirs, ours, commands, COMMANDS / 2, differences);
        DifferentialTest.assertSameKeys(theirs, ours, 2, differences);
        inTheirs = contents(ours);
        inOurs = contents(theirs);
        assertThat(inOurs).as("keys to compare").isNotEmpty();
        shutdown(theirs);
      }
      var mine = ourFolder;
      ourFolder = theirFolder;
      theirFolder = mine;
    }
  }

  /** Where the stock server can reach it, which may see only what is below another root. */
  private void createHome(String stock) throws IOException {
    assumeTrue(
        StockServer.isThere(stock),
        stock + " names no stock server, so there is none to swap folders with");
    home =
        hasRoot(stock)
            ? Files.createTempDirectory(Path.of(System.getenv("PEER_ROOT"), "tmp"), "swapped-")
            : Files.createTempDirectory("swapped-");
  }

  private static boolean hasRoot(String stock) {
    return System.getenv("PEER_ROOT") != null && stock.startsWith("VALKEY");
  }

  private static Path seen(String stock, Path folder) {
    return hasRoot(stock)
        ? Path.of("/").resolve(Path.of(System.getenv("PEER_ROOT")).relativize(folder))
        : folder;
  }

  private static void select(RawClient client, int db) throws IOException {
    assertThat(client.call("SELECT", Integer.toString(db))).isEqualTo("+OK\r\n");
  }

  private static void rewrite(RawClient client) throws IOException {
    assertThat(client.call("BGREWRITEAOF")).startsWith("+Background append only file rewriting");
    eventually("the rewrite has ended", () -> !isRewriting(client.call("INFO", "persistence")));
    assertThat(client.call("INFO", "persistence")).contains("aof_last_bgrewrite_status:ok");
  }

  private static boolean isRewriting(String info) {
    return info.contains("aof_rewrite_in_progress:1") || info.contains("aof_rewrite_scheduled:1");
  }

  /** A clean end, as closing the engine is one. */
  private static void shutdown(RawClient client) throws IOException {
    try {
      assertThat(client.call("SHUTDOWN", "NOSAVE")).isNull();
    } catch (EOFException closed) {
      // As it should be.
    }
  }

  /** Each key, as {@code database/name}, with its value and the time of its expiry. */
  private static Map<String, String> contents(RawClient client) throws IOException {
    var contents = new TreeMap<String, String>();
    for (int db = 0; db < 16; db++) {
      select(client, db);
      for (var name : DifferentialTest.elements(client.call("KEYS", "*"))) {
        contents.put(db + "/" + name, client.call("GET", name) + client.call("PEXPIRETIME", name));
      }
    }
    select(client, 0);
    return contents;
  }

  private static String[] array(List<String> words) {
    return words.toArray(String[]::new);
  }
}
