package dev.holdfast.engine.stock;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders that Redis 7.0 leaves, with its AOF on, off, or off for a while: data that is newer than
 * the AOF is never hidden in silence, and a store whose AOF was on always starts.
 */
class StaleLogTest {
  @TempDir Path folder;

  private interface Work {
    void on(RawClient client) throws IOException;
  }

  /** What a stock server does until it is killed. */
  private void stock(Work work, String... options) throws IOException {
    var all = Stream.concat(Stream.of("--appendonly", "yes"), Stream.of(options));
    try (var server = StockServer.start("REDIS7_SERVER", folder, all.toArray(String[]::new));
        var client = new RawClient(server.port())) {
      work.on(client);
    }
  }

  private static void switchOff(RawClient client) throws IOException {
    assertThat(client.call("CONFIG", "SET", "appendonly", "no")).isEqualTo("+OK\r\n");
  }

  private static void save(RawClient client) throws IOException {
    assertThat(client.call("SAVE")).isEqualTo("+OK\r\n");
  }

  /** What the start says that does not come to serve. */
  private String refusal() throws IOException {
    var before = files();
    try (var engine = TestEngine.start(folder, "--appendonly", "yes")) {
      assertThat(engine.engine().ended()).isCompletedWithValue(1);
      assertThat(files()).isEqualTo(before);
      return engine.log();
    }
  }

  private void assertStarts(String... keysAndValues) throws IOException {
    try (var engine = TestEngine.start(folder, "--appendonly", "yes")) {
      assertThat(engine.engine().ended()).as(engine.log()).isNotDone();
      try (var client = engine.client()) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
          assertThat(client.call("GET", keysAndValues[i])).contains(keysAndValues[i + 1]);
        }
      }
    }
  }

  private Map<String, String> files() throws IOException {
    var found = new TreeMap<String, String>();
    try (var all = Files.walk(folder)) {
      for (var file : all.filter(Files::isRegularFile).toList()) {
        found.put(
            folder.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return found;
  }

  // ---- stale

  @Test
  void a_dump_of_newer_data_stops_the_start_with_both_states_and_their_times() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "old");
          switchOff(client);
          client.call("SET", "a", "new");
          client.call("SET", "b", "new");
          save(client);
        });
    assertThat(refusal())
        .contains(
            "is out of date: dump.rdb was begun at " + Instant.now().toString().substring(0, 10))
        .contains("after the append only file was last written at ")
        .contains(
            "1 keys are only in the dump, 1 differ, 0 are only in the append only file, for example '")
        .contains("start with \"--appendonly no\" and then CONFIG SET appendonly yes")
        .contains("To go back to the old data, move " + folder.resolve("dump.rdb") + " away.");
  }

  @Test
  void both_ways_out_work() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "old");
          switchOff(client);
          client.call("SET", "a", "new");
          save(client);
        });
    refusal();
    var dump = folder.resolve("dump.rdb");
    var aside = Files.move(dump, folder.resolve("aside"));
    assertStarts("a", "old");

    Files.move(aside, dump, StandardCopyOption.REPLACE_EXISTING);
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      assertThat(client.call("GET", "a")).contains("new");
      client.call("CONFIG", "SET", "appendonly", "yes");
      eventually(
          "the log is written anew",
          () -> !client.call("INFO", "durability").contains("durability_first_base_pending:1"));
    }
    assertStarts("a", "new");
  }

  @Test
  void a_key_that_was_only_deleted_is_a_difference() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "old");
          client.call("SET", "kept", "old");
          switchOff(client);
          client.call("DEL", "a");
          save(client);
        });
    assertThat(refusal())
        .contains("0 keys are only in the dump, 0 differ, 1 are only in the append only file.");
  }

  @Test
  void an_expiry_a_database_and_a_type_are_differences() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "same");
          switchOff(client);
          client.call("EXPIREAT", "a", "4000000000");
          client.call("RPUSH", "list", "1");
          client.call("SELECT", "9");
          client.call("SET", "a", "same");
          save(client);
        });
    assertThat(refusal())
        .contains("2 keys are only in the dump, 1 differ, 0 are only in the append only file");
  }

  @Test
  void a_server_that_ran_without_the_aof_leaves_a_stale_one() throws IOException {
    stock(client -> client.call("SET", "a", "old"));
    stock(
        client -> {
          client.call("SET", "a", "new");
          save(client);
        },
        "--appendonly",
        "no");
    assertThat(refusal()).contains("is out of date");
  }

  @Test
  void a_dump_that_somebody_put_there_is_not_passed_by_when_it_is_younger() throws IOException {
    stock(client -> client.call("SET", "a", "theirs"));
    var other = Files.createDirectory(folder.resolve("other"));
    try (var server = StockServer.start("REDIS7_SERVER", other);
        var client = new RawClient(server.port())) {
      client.call("SET", "a", "restored");
      save(client);
    }
    Files.copy(other.resolve("dump.rdb"), folder.resolve("dump.rdb"));
    var log = folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
    Files.setLastModifiedTime(log, FileTime.from(Instant.now().minusSeconds(60)));
    assertThat(refusal()).contains("is out of date");
  }

  @Test
  void files_of_ours_are_known_by_their_data_where_the_mark_got_lost() throws IOException {
    try (var engine = TestEngine.start(folder, "--appendonly", "yes");
        var client = engine.client()) {
      client.call("SET", "a", "old");
      save(client); // without it the next start would have nothing to load, and refuse
    }
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("SET", "a", "new");
      save(client);
    }
    Files.delete(folder.resolve("appendonlydir").resolve("appendonly.aof.stale"));
    assertThat(refusal())
        .contains("0 keys are only in the dump, 1 differ, 0 are only in the append only file");
  }

  // ---- not stale

  @Test
  void a_store_that_saved_at_its_end_starts() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "1");
          client.call("SET", "t", "1", "PX", "4000000000");
          client.call("SET", "soon", "1", "PX", "1");
          client.send("SHUTDOWN", "SAVE");
          assertThat(client.isClosed()).isTrue();
        },
        "--save",
        "60 1");
    assertStarts("a", "1", "t", "1");
  }

  @Test
  void a_store_that_saved_between_its_writes_starts_with_the_last_one() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "1");
          save(client);
          client.call("SET", "a", "2");
        });
    assertStarts("a", "2");
  }

  @Test
  void a_store_that_was_written_during_its_save_starts() throws IOException {
    stock(
        client -> {
          client.call("DEBUG", "POPULATE", "200000");
          client.call("BGREWRITEAOF");
          await(client, "aof_rewrite_in_progress:0");
          client.call("BGSAVE");
          int written = 0;
          while (client.call("INFO", "persistence").contains("rdb_bgsave_in_progress:1")) {
            client.call("SET", "during", Integer.toString(++written));
          }
          assertThat(written).isPositive();
        });
    assertStarts("during", "");
  }

  @Test
  void keys_whose_time_ended_after_the_save_make_no_difference() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "1");
          for (int i = 0; i < 100; i++) {
            client.call("SET", "t" + i, "1", "PX", "400");
          }
          save(client);
        },
        "--hz",
        "1");
    awaitTime(Instant.now().plusMillis(500));
    assertStarts("a", "1");
  }

  @Test
  void a_copy_with_new_times_starts_when_the_dump_holds_the_same() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "1");
          save(client);
        });
    var hourAgo = FileTime.from(Instant.now().minusSeconds(3600));
    try (var all = Files.walk(folder)) {
      for (var file : all.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, hourAgo);
      }
    }
    assertStarts("a", "1");
  }

  @Test
  void a_rewrite_after_the_dump_holds_what_the_dump_holds_whatever_the_files_times_say()
      throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "1");
          save(client);
          var nextSecond = Instant.now().plusMillis(1100);
          client.call("SET", "a", "2");
          awaitTime(nextSecond);
          client.call("BGREWRITEAOF");
          await(client, "aof_rewrite_in_progress:0");
        });
    try (var all = Files.walk(folder.resolve("appendonlydir"))) {
      for (var file : all.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
    }
    assertStarts("a", "2");
  }

  @Test
  void a_dump_that_cannot_be_read_is_told_of_and_stops_nothing() throws IOException {
    stock(
        client -> {
          client.call("SET", "a", "old");
          switchOff(client);
          client.call("SET", "a", "new");
          save(client);
        });
    var dump = folder.resolve("dump.rdb");
    var bytes = Files.readAllBytes(dump);
    bytes[bytes.length - 1] ^= 1;
    Files.write(dump, bytes);
    try (var engine = TestEngine.start(folder, "--appendonly", "yes")) {
      assertThat(engine.log())
          .contains("seems to be newer than the append only file and cannot be read");
      assertThat(engine.engine().ended()).isNotDone();
    }
  }

  @Test
  void our_own_stores_start_whatever_they_saved() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (var engine = TestEngine.start(folder, "--appendonly", "yes", "--save", "3600", "1");
          var client = engine.client()) {
        client.call("SET", "a", "run " + i);
        client.call("SET", "soon", "1", "PX", "1");
        save(client);
      }
      assertStarts("a", "run " + i);
    }
  }

  static void awaitTime(Instant time) {
    while (Instant.now().isBefore(time)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void await(RawClient client, String field) {
    eventually(field, () -> client.call("INFO", "persistence").contains(field));
  }
}
