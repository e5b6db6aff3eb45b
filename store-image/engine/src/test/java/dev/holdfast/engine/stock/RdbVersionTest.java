package dev.holdfast.engine.stock;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code rdb-version}: which servers read the dumps that it asks for. */
class RdbVersionTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "version {0} by {1}")
  @CsvSource({
    "10,REDIS7_SERVER",
    "10,VALKEY_SERVER",
    "10,REDIS8_SERVER",
    "11,VALKEY_SERVER",
    "11,REDIS8_SERVER",
    "12,REDIS8_SERVER"
  })
  void a_stock_server_that_knows_the_version_loads_the_dump(String version, String stock)
      throws IOException {
    try (var shared = StockFolder.fresh(stock)) {
      try (var engine = TestEngine.start(folder, "--rdb-version", version);
          var client = engine.client()) {
        save(client);
      }
      assertThat(magic(folder.resolve("dump.rdb"))).isEqualTo("REDIS00" + version);
      Files.copy(folder.resolve("dump.rdb"), shared.here().resolve("dump.rdb"));

      try (var server = StockServer.start(stock, shared.there());
          var client = new RawClient(server.port())) {
        assertThat(client.call("MGET", "short", "number"))
            .isEqualTo("*2\r\n$5\r\nvalue\r\n$7\r\n1234567\r\n");
        assertThat(client.call("STRLEN", "long")).isEqualTo(":5000\r\n");
        assertThat(client.call("PEXPIRETIME", "short")).isEqualTo(":4000000000123\r\n");
        client.call("SELECT", "7");
        assertThat(client.call("GET", "seven")).isEqualTo("$1\r\n7\r\n");
        assertThat(client.call("DBSIZE")).isEqualTo(":1\r\n");
      }
    }
  }

  @Test
  void it_changes_live_and_leaves_the_base_of_the_log_alone() throws IOException {
    try (var engine = TestEngine.start(folder, "--appendonly", "yes");
        var client = engine.client()) {
      assertThat(client.call("CONFIG", "GET", "rdb-version")).contains("$2\r\n10\r\n");
      save(client);
      assertThat(magic(folder.resolve("dump.rdb"))).isEqualTo("REDIS0010");

      assertThat(client.call("CONFIG", "SET", "rdb-version", "11")).isEqualTo("+OK\r\n");
      assertThat(client.call("CONFIG", "SET", "rdb-version", "9")).startsWith("-ERR");
      assertThat(client.call("CONFIG", "GET", "rdb-version")).contains("$2\r\n11\r\n");
      save(client);
      assertThat(magic(folder.resolve("dump.rdb"))).isEqualTo("REDIS0011");

      client.call("BGREWRITEAOF");
      var base = folder.resolve("appendonlydir").resolve("appendonly.aof.2.base.rdb");
      eventually("the new base has its name", () -> Files.exists(base));
      assertThat(magic(base)).isEqualTo("REDIS0010");
    }
  }

  private static void save(RawClient client) throws IOException {
    client.call("SET", "short", "value", "PXAT", "4000000000123");
    client.call("SET", "number", "1234567");
    client.call("SET", "long", "0123456789".repeat(500));
    client.call("SELECT", "7");
    client.call("SET", "seven", "7");
    assertThat(client.call("SAVE")).isEqualTo("+OK\r\n");
  }

  private static String magic(Path file) throws IOException {
    return new String(Arrays.copyOf(Files.readAllBytes(file), 9), StandardCharsets.US_ASCII);
  }
}
