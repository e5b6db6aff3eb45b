package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code MONITOR} shows what Redis 7.0 shows, word for word but for time and port. */
class MonitorComparisonTest {
  private static final List<String> COMMANDS =
      List.of(
          "CONFIG SET requirepass pw",
          "AUTH pw",
          "AUTH default pw",
          "AUTH default wrong",
          "HELLO 3 AUTH default pw SETNAME me",
          "HELLO 2",
          "SET k a\"b\\c\n\r\t\u0007\b\0\u007f\u00ff",
          "get k",
          "INCR k",
          "NOPE x",
          "GET",
          "SELECT 3",
          "SET z 1 EX 100",
          "GETEX z PERSIST",
          "SETEX z 10 v",
          "MULTI",
          "SET q 1",
          "SELECT 0",
          "GET q",
          "EXEC",
          "MULTI",
          "PING",
          "DISCARD",
          "WATCH w",
          "UNWATCH",
          "MULTI",
          "NOPE",
          "EXEC",
          "CLIENT LIST",
          "CLIENT GETNAME",
          "CLIENT INFO",
          "CLIENT ID",
          "INFO server",
          "CONFIG GET port",
          "COMMAND COUNT",
          "OBJECT ENCODING q",
          "SLOWLOG LEN",
          "SLOWLOG HELP",
          "LATENCY LATEST",
          "WAIT 0 0",
          "MEMORY USAGE q",
          "LASTSAVE",
          "TIME",
          "ROLE",
          "DEBUG SLEEP 0",
          "DBSIZE",
          "SWAPDB 0 1",
          "FLUSHALL",
          "CLIENT REPLY ON",
          "RESET",
          "ECHO end");

  @TempDir Path folder;

  @Test
  void theLinesAreThoseOfRedis7() throws IOException {
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    try (var stock = StockServer.start("REDIS7_SERVER", theirs);
        var engine = TestEngine.start(ours)) {
      assertThat(lines(engine.port())).isEqualTo(lines(stock.port()));
    }
  }

  private static List<String> lines(int port) throws IOException {
    var lines = new ArrayList<String>();
    try (var monitor = new RawClient(port);
        var client = new RawClient(port)) {
      monitor.call("MONITOR");
      for (String command : COMMANDS) {
        client.call(command.split(" "));
        if (command.equals("RESET")) {
          client.call("AUTH", "pw");
        }
      }
      String line;
      do {
        line =
            monitor
                .reply()
                .replaceFirst("^\\+\\d{10}\\.\\d{6} ", "+TIME ")
                .replaceFirst("127\\.0\\.0\\.1:\\d+]", "ADDRESS]");
        lines.add(line);
      } while (!line.contains("\"end\""));
    }
    return lines;
  }
}
