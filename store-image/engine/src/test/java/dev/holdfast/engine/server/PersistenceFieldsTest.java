package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.stock.RawClient;
import dev.holdfast.engine.stock.StockServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code INFO persistence} in every state that persistence can be in: the fields of Redis 7.0 in
 * the same state, in its order, and what tells the state.
 */
class PersistenceFieldsTest {
  private static final int KEYS = 3000;

  /** While it loads commands, a stock server looks at its clients after each 1024 of them. */
  private static final int STOCK_KEYS = 2500;

  private static final String VALUE = "v".repeat(2000);

  /** A field of ours. */
  private static final String RATE = "loading_bytes_per_second";

  @TempDir Path ours;
  @TempDir Path theirs;

  /** Where a stock server knows no such state, a healthy one is compared with. */
  private enum State {
    OFF(false, "aof_enabled:0", "loading:0", "durability_policy:off"),
    IDLE(
        true,
        "aof_enabled:1",
        "aof_rewrite_in_progress:0",
        "aof_pending_rewrite:0",
        "aof_current_rewrite_time_sec:-1",
        "rdb_current_bgsave_time_sec:-1",
        "durability_policy:everysec",
        "durability_fenced:0",
        "durability_first_base_pending:0"),
    SAVING(true, "rdb_bgsave_in_progress:1", "aof_rewrite_in_progress:0", "aof_pending_rewrite:0"),
    REWRITING(
        true, "rdb_bgsave_in_progress:0", "aof_rewrite_in_progress:1", "aof_pending_rewrite:0"),
    SCHEDULED(
        true,
        "rdb_bgsave_in_progress:1",
        "aof_rewrite_in_progress:0",
        "aof_rewrite_scheduled:1",
        "aof_pending_rewrite:1"),
    SWITCHING_ON(
        true,
        "aof_enabled:1",
        "aof_rewrite_in_progress:1",
        "aof_pending_rewrite:0",
        "durability_first_base_pending:1"),
    LOADING_DUMP(
        false,
        "loading:1",
        "async_loading:0",
        "aof_enabled:0",
        "loading_rdb_used_mem:[1-9][0-9]*",
        "durability_policy:off"),
    LOADING_BASE(
        true,
        "loading:1",
        "aof_enabled:1",
        "aof_base_size:[1-9][0-9]*",
        "loading_rdb_used_mem:[1-9][0-9]*",
        "durability_policy:everysec"),
    LOADING_INCR(
        true,
        "loading:1",
        "aof_enabled:1",
        "aof_current_size:[1-9][0-9]{5,}",
        "durability_policy:everysec"),
    FENCED(
        true,
        "aof_enabled:1",
        "aof_last_write_status:err",
        "aof_last_bgrewrite_status:err",
        "durability_fenced:1",
        "durability_policy:always"),
    HEALING(
        true,
        "aof_rewrite_in_progress:1",
        "aof_last_write_status:err",
        "durability_fenced:1",
        "durability_worst_loss_bytes:[1-9][0-9]*",
        "durability_worst_loss_ms:[1-9][0-9]*",
        "durability_policy:everysec"),
    PARKED(
        true,
        "aof_pending_bio_fsync:1",
        "durability_writers_parked:[1-9][0-9]*",
        "durability_worst_loss_ms:[1-9][0-9]{3,}");

    private final boolean appendOnly;
    private final List<String> facts;

    State(boolean appendOnly, String... facts) {
      this.appendOnly = appendOnly;
      this.facts = List.of(facts);
    }

    boolean isLoading() {
      return name().startsWith("LOADING");
    }

    String yesOrNo() {
      return appendOnly ? "yes" : "no";
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void the_fields_are_those_of_redis_7_in_the_same_state(State state) throws IOException {
    var stock = names(stock(state));
    var found = new ArrayList<>(names(ours(state)));
    assertThat(found).containsAll(stock);
    found.remove(RATE);
    assertThat(found).isEqualTo(stock);
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void the_values_tell_the_state(State state) throws IOException {
    var lines = lines(ours(state));
    assertThat(state.facts)
        .allSatisfy(fact -> assertThat(lines).anyMatch(line -> line.matches(fact)));
  }

  // ---- ours

  /** Both sections once all facts of the state are there, or after a while. */
  private String ours(State state) throws IOException {
    try (var disk = new GatedDisk()) {
      if (state.isLoading()) {
        fill(state, disk);
      } else {
        disk.close();
      }
      try (var engine =
              TestEngine.starting(
                  ours,
                  Clock.system(),
                  disk.storage(),
                  "--appendonly",
                  state == State.SWITCHING_ON ? "no" : state.yesOrNo(),
                  "--appendfsync",
                  state == State.FENCED ? "always" : "everysec");
          var client = engine.client()) {
        if (!state.isLoading()) {
          await(client, "loading:0");
          enter(state, disk, client);
        }
        var info = await(client, state.facts.toArray(String[]::new));
        disk.close();
        // A server whose log is fenced does not end on request.
        await(client, "durability_fenced:0");
        return info;
      }
    }
  }

  private void fill(State state, GatedDisk disk) throws IOException {
    try (var engine = TestEngine.start(ours, "--appendonly", state.yesOrNo());
        var client = engine.client()) {
      for (int i = 0; i < KEYS; i++) {
        client.call("SET", "k" + i, VALUE);
      }
      if (state == State.LOADING_BASE) {
        client.call("CONFIG", "SET", "rdbcompression", "no");
        client.call("BGREWRITEAOF");
        await(client, "aof_rewrite_in_progress:0", "aof_rewrites:1", "aof_base_size:[0-9]{7}");
      } else if (state == State.LOADING_DUMP) {
        client.call("CONFIG", "SET", "rdbcompression", "no");
        client.call("SAVE");
      }
    }
    switch (state) {
      case LOADING_DUMP -> disk.hold("read", "dump.rdb", 2);
      case LOADING_BASE -> disk.hold("read", ".base.rdb", 2);
      default -> disk.hold("read", ".incr.aof", 1);
    }
  }

  private void enter(State state, GatedDisk disk, RawClient client) throws IOException {
    client.call("SET", "k", VALUE);
    switch (state) {
      case SAVING, SCHEDULED -> {
        disk.hold("write", "temp-0.rdb", 0);
        client.call("BGSAVE");
        if (state == State.SCHEDULED) {
          client.call("BGREWRITEAOF");
        }
      }
      case REWRITING -> {
        disk.hold("write", "temp-rewriteaof", 0);
        client.call("BGREWRITEAOF");
      }
      case SWITCHING_ON -> {
        disk.hold("write", "temp-rewriteaof", 0);
        client.call("CONFIG", "SET", "appendonly", "yes");
      }
      case FENCED -> {
        disk.fail("sync", ".aof");
        assertThat(client.call("SET", "k", "2")).startsWith("-");
      }
      case HEALING -> {
        disk.fail("sync", ".incr.aof");
        client.call("SET", "k", "2");
        await(client, "durability_fenced:1");
        disk.hold("write", "temp-rewriteaof", 0);
      }
      case PARKED -> {
        disk.hold("sync", ".incr.aof", 0);
        client.call("SET", "k", "2");
      }
      default -> {}
    }
  }

  // ---- stock

  private String stock(State state) throws IOException {
    var slow = new String[] {"--rdb-key-save-delay", "2000", "--key-load-delay", "2000"};
    var interval = new String[] {"--loading-process-events-interval-bytes", "1024"};
    var options =
        Stream.of(new String[] {"--appendonly", state.yesOrNo()}, slow, interval)
            .flatMap(Stream::of)
            .toArray(String[]::new);
    if (state.isLoading()) {
      try (var server =
              StockServer.start("REDIS7_SERVER", theirs, "--appendonly", state.yesOrNo());
          var client = new RawClient(server.port())) {
        for (int i = 0; i < STOCK_KEYS; i++) {
          client.call("SET", "k" + i, VALUE);
        }
        if (state == State.LOADING_DUMP) {
          client.call("SAVE");
        } else if (state == State.LOADING_BASE) {
          client.call("BGREWRITEAOF");
          await(client, "aof_rewrite_in_progress:0", "aof_base_size:[0-9]{4,}");
        }
      }
    }
    try (var server = StockServer.start("REDIS7_SERVER", theirs, options);
        var client = new RawClient(server.port())) {
      if (!state.isLoading()) {
        client.call("DEBUG", "POPULATE", Integer.toString(STOCK_KEYS));
      }
      switch (state) {
        case SAVING, SCHEDULED -> {
          client.call("BGSAVE");
          if (state == State.SCHEDULED) {
            client.call("BGREWRITEAOF");
          }
        }
        case REWRITING, SWITCHING_ON -> client.call("BGREWRITEAOF");
        default -> {}
      }
      var progress =
          switch (state) {
            case SAVING, SCHEDULED -> "rdb_bgsave_in_progress:1";
            case REWRITING, SWITCHING_ON -> "aof_rewrite_in_progress:1";
            default -> state.isLoading() ? "loading:1" : "loading:0";
          };
      return await(client, progress);
    }
  }

  // ---- the text

  private static String await(RawClient client, String... facts) throws IOException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (true) {
      var info = client.call("INFO", "persistence", "durability");
      var lines = lines(info);
      if (Stream.of(facts).allMatch(fact -> lines.stream().anyMatch(l -> l.matches(fact)))
          || System.nanoTime() > end) {
        return info;
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  private static List<String> lines(String info) {
    return info.lines().map(String::strip).toList();
  }

  private static List<String> names(String info) {
    var persistence = info.split("# Durability", 2)[0];
    return lines(persistence).stream()
        .filter(line -> line.contains(":"))
        .map(line -> line.split(":", 2)[0])
        .toList();
  }
}
