package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With {@code aof-checksum no} the incremental files are those of Redis 7.0, byte for byte: one
 * command at a time, so that the first difference names its command. Times are given as instants;
 * where a command takes a duration, the instant that both servers log is only recognised as one.
 */
class SameFilesTest {
  private static final String LATER = "4000000000";
  private static final String LATER_MILLIS = "4000000000123";

  /** A thousand seconds and some from now; what is given as an instant lies far behind it. */
  private static final Pattern SOON = Pattern.compile("\\$13\\r\\n1\\d{12}\\r\\n");

  @TempDir Path folder;

  private static final List<String> COMMANDS =
      List.of(
          "SET a 1",
          "set a 2",
          "SeT a 3 kEEpttl",
          "SET a 4 NX",
          "SET b 4 NX",
          "SET a 5 XX",
          "SET a 6 GET",
          "SET a 7 XX GET",
          "SET a 8 EXAT " + LATER,
          "SET a 9 PXAT " + LATER_MILLIS,
          "SET a 10 EX 1000",
          "SET a 11 px 1000000",
          "SET a 12 NX GET",
          "SET nothing 1 XX",
          "SET a 13 EXAT 1",
          "SET a 14 XX GET EX 1000",
          "SETNX n 1",
          "setnx n 2",
          "SETEX s 1000 value",
          "PSETEX s 1000000 value",
          "GETSET a new",
          "GETSET absent new",
          "GETDEL absent",
          "GETDEL absent",
          "SET g 1",
          "GETEX g",
          "GETEX g EX 1000",
          "GETEX g px 1000000",
          "GETEX g EXAT " + LATER,
          "GETEX g PXAT " + LATER_MILLIS,
          "GETEX g PERSIST",
          "GETEX g PERSIST",
          "GETEX g EXAT 1",
          "APPEND a tail",
          "APPEND fresh tail",
          "APPEND a ",
          "SETRANGE a 3 xyz",
          "SETRANGE padded 5 xyz",
          "SETRANGE a 0 ",
          "MSET m1 1 m2 2",
          "mset m1 3",
          "MSETNX m1 1 m9 9",
          "MSETNX m8 8 m9 9",
          "INCR counter",
          "incr counter",
          "DECR counter",
          "INCRBY counter 41",
          "INCRBY counter 0",
          "DECRBY counter 2",
          "INCRBYFLOAT counter 0.5",
          "INCRBYFLOAT counter 1e3",
          "INCRBYFLOAT float 3.0",
          "EXPIRE m1 1000",
          "PEXPIRE m1 1000000",
          "expireat m1 " + LATER,
          "EXPIREAT m1 " + LATER + " XX",
          "EXPIREAT m1 4000000001 gt",
          "EXPIREAT m1 4000000000 lt",
          "EXPIREAT m2 " + LATER + " nx",
          "EXPIREAT m2 " + LATER + " nx",
          "pexpireat m1 " + LATER_MILLIS,
          "PEXPIREAT m1 " + LATER_MILLIS + " xx",
          "PexpireAt m1 4000000000124 XX GT",
          "EXPIRE m1 1000 xx",
          "PEXPIRE m2 2000000 GT",
          "PERSIST m1",
          "persist m1",
          "EXPIRE m2 -1",
          "SET past 1",
          "PEXPIREAT past 1 ",
          "SET past 1",
          "PEXPIREAT past 1",
          "SET past 1",
          "EXPIREAT past 0",
          "DEL m1",
          "DEL m1",
          "DEL m8 m9 m1",
          "MSET u1 1 u2 2",
          "UNLINK u1 u2 u3",
          "unlink u1",
          "RENAME a renamed",
          "RENAME renamed renamed",
          "RENAMENX renamed b",
          "RENAMENX renamed a",
          "COPY a copy",
          "COPY a copy",
          "COPY a copy REPLACE",
          "COPY a copy DB 3",
          "MOVE copy 4",
          "MOVE copy 4",
          "TOUCH a",
          "SELECT 5",
          "SET five 5",
          "SELECT 15",
          "SET fifteen 15",
          "SELECT 0",
          "SET zero 0",
          "SWAPDB 0 5",
          "SWAPDB 1 1",
          "SET after swap",
          "FLUSHDB",
          "flushdb ASYNC",
          "SET after flush",
          "MULTI",
          "SET one effect",
          "EXEC",
          "MULTI",
          "GET one",
          "EXEC",
          "MULTI",
          "SET t1 1",
          "INCR t1",
          "EXPIREAT t1 " + LATER,
          "EXEC",
          "MULTI",
          "SELECT 2",
          "SET t2 1",
          "SET t3 1",
          "SELECT 3",
          "SET t4 1",
          "EXEC",
          "SET behind it",
          "MULTI",
          "SELECT 2",
          "SET single 1",
          "EXEC",
          "MULTI",
          "SET single 2",
          "SET single 3",
          "EXEC",
          "MULTI",
          "SELECT 7",
          "GET nothing",
          "EXEC",
          "MULTI",
          "SET d 1",
          "DISCARD",
          "MULTI",
          "INCR single single",
          "SET lost 1",
          "EXEC",
          "MULTI",
          "SET kept 1",
          "INCR kept kept",
          "EXEC",
          "MULTI",
          "SET kept 1",
          "SET word w",
          "INCR word",
          "EXEC",
          "FLUSHALL",
          "FLUSHALL SYNC",
          "SET last 1");

  @Test
  void the_log_without_lines_is_that_of_redis_7_byte_for_byte() throws IOException {
    var theirFolder = Files.createDirectory(folder.resolve("stock"));
    var ourFolder = Files.createDirectory(folder.resolve("ours"));
    try (var server = StockServer.start("REDIS7_SERVER", theirFolder, "--appendonly", "yes");
        var engine = TestEngine.start(ourFolder, "--appendonly", "yes", "--aof-checksum", "no");
        var theirs = new RawClient(server.port());
        var ours = engine.client()) {
      for (var command : COMMANDS) {
        var words = command.split(" ", -1);
        var expected = theirs.call(words);
        assertThat(ours.call(words)).as("reply to %s", command).isEqualTo(expected);
        assertThat(log(ourFolder)).as("log after %s", command).isEqualTo(log(theirFolder));
      }
    }
    assertThat(log(ourFolder)).contains("SELECT", "MULTI", "PEXPIREAT");
  }

  private static String log(Path folder) throws IOException {
    var file = folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
    var bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    return SOON.matcher(bytes).replaceAll("(an instant)");
  }
}
