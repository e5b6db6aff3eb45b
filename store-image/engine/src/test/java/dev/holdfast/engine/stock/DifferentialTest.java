package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engine answers a random stream of commands as stock servers do, byte for byte, and ends with
 * the same keys.
 */
class DifferentialTest {
  private static final int COMMANDS = Integer.getInteger("differential.commands", 20_000);
  private static final int HISTORY = 12;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}, RESP{1}, seed {2}")
  @CsvSource({"REDIS7_SERVER,2,1", "REDIS7_SERVER,3,2", "VALKEY_SERVER,2,3", "VALKEY_SERVER,3,4"})
  void answersAndKeysAreThoseOfTheStockServer(String stock, int protocol, long seed)
      throws IOException {
    String seedText = System.getProperty("differential.seed");
    var commands = new RandomCommands(seedText == null ? seed : Long.parseLong(seedText));
    try (var server = StockServer.start(stock, stockFolder(stock), "--appendonly", "no");
        var engine = TestEngine.start(folder);
        var theirs = new RawClient(server.port());
        var ours = engine.client()) {
      if (protocol == 3) {
        theirs.call("HELLO", "3");
        ours.call("HELLO", "3");
      }
      var differences = new Differences(stock);
      assertSameAnswers(theirs, ours, commands, COMMANDS, differences);
      assertSameKeys(theirs, ours, protocol, differences);
    }
  }

  /** Sends so many commands to both, on connections that are not in a transaction. */
  static void assertSameAnswers(
      RawClient theirs, RawClient ours, RandomCommands commands, int count, Differences differences)
      throws IOException {
    boolean inTransaction = false;
    Deque<String> history = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      List<String> command = commands.next();
      if (differences.leaveOut(command, inTransaction)) {
        continue;
      }
      String[] words = command.toArray(String[]::new);
      String expected = theirs.call(words);
      String actual = ours.call(words);
      inTransaction =
          expected.equals("+QUEUED\r\n")
              || (upper(command, 0).equals("MULTI") && expected.equals("+OK\r\n"))
              || (inTransaction && expected.startsWith("-") && !upper(command, 0).equals("EXEC"));
      history.add(show(command) + " -> " + show(List.of(expected)));
      if (history.size() > HISTORY) {
        history.remove();
      }
      assertThat(differences.normalise(command, actual))
          .as("reply %d to %s, after\n%s", i, show(command), String.join("\n", history))
          .isEqualTo(differences.normalise(command, expected));
    }
  }

  /** Ends what the connections are in the middle of, and compares every key of every database. */
  static void assertSameKeys(
      RawClient theirs, RawClient ours, int protocol, Differences differences) throws IOException {
    for (RawClient client : List.of(theirs, ours)) {
      client.call("RESET");
      client.call("HELLO", Integer.toString(protocol));
    }
    for (int db = 0; db < 16; db++) {
      theirs.call("SELECT", Integer.toString(db));
      ours.call("SELECT", Integer.toString(db));
      var names = new TreeSet<>(elements(theirs.call("KEYS", "*")));
      assertThat(new TreeSet<>(elements(ours.call("KEYS", "*")))).isEqualTo(names);
      for (String name : names) {
        assertThat(ours.call("GET", name)).isEqualTo(theirs.call("GET", name));
        if (differences.sameEncodings()) {
          assertThat(ours.call("OBJECT", "ENCODING", name))
              .isEqualTo(theirs.call("OBJECT", "ENCODING", name));
        }
        long ourTtl = Long.parseLong(ours.call("PTTL", name).substring(1).trim());
        long theirTtl = Long.parseLong(theirs.call("PTTL", name).substring(1).trim());
        assertThat(ourTtl).isBetween(theirTtl - 10_000, theirTtl + 10_000);
        assertThat(ourTtl < 0).isEqualTo(theirTtl < 0);
      }
    }
    assertThat(ours.call("DEBUG", "DIGEST")).isEqualTo(theirs.call("DEBUG", "DIGEST"));
  }

  /** The bulk strings of a flat array. */
  static List<String> elements(String array) {
    var out = new ArrayList<String>();
    int at = array.indexOf("\r\n") + 2;
    while (at < array.length()) {
      int end = array.indexOf("\r\n", at);
      int length = Integer.parseInt(array.substring(at + 1, end));
      out.add(array.substring(end + 2, end + 2 + length));
      at = end + 4 + length;
    }
    return out;
  }

  private Path stockFolder(String stock) throws IOException {
    String root = System.getenv("PEER_ROOT");
    return root != null && stock.startsWith("VALKEY")
        ? Path.of("/tmp")
        : Files.createDirectory(folder.resolve("stock"));
  }

  private static String show(List<String> words) {
    var out = new StringBuilder();
    for (String word : words) {
      out.append(word.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0")).append(' ');
    }
    return out.toString().trim().substring(0, Math.min(400, out.toString().trim().length()));
  }

  static String upper(List<String> command, int index) {
    return index < command.size() ? command.get(index).toUpperCase(Locale.ROOT) : "";
  }
}
