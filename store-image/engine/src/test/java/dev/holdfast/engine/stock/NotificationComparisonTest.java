package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events of keys, each in its place, as stock servers publish them. */
class NotificationComparisonTest {
  private static final List<String> EVENTS =
      List.of(
          "a: CONFIG SET notify-keyspace-events g$xeKEmn",
          "a: CONFIG GET notify-keyspace-events",
          "b: PSUBSCRIBE __key*",
          "a: SET k v",
          "a: SET k v EX 100",
          "a: SET k v XX GET KEEPTTL",
          "a: SET n v NX GET",
          "a: SETNX k v",
          "a: SETNX n2 v",
          "a: SETEX k 100 v",
          "a: PSETEX k2 100000 v",
          "a: GETSET k w",
          "a: GETSET k3 w",
          "a: GETDEL k3",
          "a: GETDEL none",
          "a: GETEX k EX 100",
          "a: GETEX k PERSIST",
          "a: GETEX k PERSIST",
          "a: GETEX k PXAT 1",
          "a: GETEX none",
          "a: MSET a 1 b 2 a 3",
          "a: MSETNX c 1 d 2",
          "a: APPEND a x",
          "a: APPEND new x",
          "a: SETRANGE a 1 yz",
          "a: SETRANGE range 3 z",
          "a: SETRANGE none 3 ",
          "a: INCR i",
          "a: DECR i",
          "a: INCRBY i 4",
          "a: DECRBY i 2",
          "a: INCRBYFLOAT i 1.5",
          "a: INCR a",
          "a: MGET a none b",
          "a: STRLEN none",
          "a: GETRANGE none 0 1",
          "a: EXISTS none a",
          "a: TOUCH none a",
          "a: TYPE none",
          "a: TTL none",
          "a: PERSIST none",
          "a: OBJECT ENCODING none",
          "a: DUMP none",
          "a: EXPIRE none 10",
          "a: EXPIRE a 100",
          "a: PEXPIREAT b 1",
          "a: PERSIST a",
          "a: PERSIST a",
          "a: RENAME a z",
          "a: RENAME z c",
          "a: RENAMENX c d",
          "a: RENAME d d",
          "a: COPY d e",
          "a: COPY d e REPLACE",
          "a: COPY none e",
          "a: COPY d e DB 1",
          "a: MOVE d 2",
          "a: DEL none e i",
          "a: UNLINK new",
          "a: MULTI",
          "a: SET t 1",
          "a: EXPIRE t 10",
          "a: DEL t",
          "a: EXEC",
          "a: SELECT 1",
          "a: SET other 1",
          "a: FLUSHDB",
          "a: SWAPDB 1 2",
          "a: FLUSHALL",
          "a: CONFIG SET notify-keyspace-events AK",
          "a: SET k v",
          "a: GET none",
          "a: CONFIG SET notify-keyspace-events E$",
          "a: SET k v EX 10",
          "a: DEBUG SET-ACTIVE-EXPIRE 0",
          "a: CONFIG SET notify-keyspace-events Ex",
          "a: SET x v PX 1",
          "a: WAIT 1 20",
          "a: GET x",
          "a: CONFIG SET notify-keyspace-events Eeg$nm",
          "a: SET y v PX 1",
          "a: WAIT 1 20",
          "a: GET y",
          "a: DEL k",
          "a: CONFIG SET notify-keyspace-events Eg",
          "a: SET g v",
          "a: GET none",
          "a: EXPIRE g 100",
          "a: DEL g",
          "a: CONFIG SET notify-keyspace-events En",
          "a: SET n v",
          "a: DEL n",
          "a: CONFIG SET notify-keyspace-events Em",
          "a: SET m v",
          "a: GET none",
          "a: CONFIG SET notify-keyspace-events Q",
          "a: CONFIG SET notify-keyspace-events A",
          "a: SET k v",
          "a: CONFIG GET notify-keyspace-events");

  /** An expiry in the past: Redis 7.2 calls that del, Valkey 9 expired. */
  private static final List<String> PAST = List.of("a: GETEX k PXAT 1", "a: PEXPIREAT b 1");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"REDIS7_SERVER, 2", "REDIS7_SERVER, 3", "VALKEY_SERVER, 2", "VALKEY_SERVER, 3"})
  void theEventsAreThoseOfStock(String stock, int protocol) throws IOException {
    try (var theirs = StockServer.start(stock, Path.of("/tmp"));
        var ours = TestEngine.start(folder)) {
      var lines = new ArrayList<>(EVENTS);
      if (stock.equals("VALKEY_SERVER")) {
        lines.removeIf(PAST::contains);
      }
      assertThat(String.join("\n", Conversation.heard(ours.port(), protocol, lines)))
          .isEqualTo(String.join("\n", Conversation.heard(theirs.port(), protocol, lines)));
    }
  }
}
