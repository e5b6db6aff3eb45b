package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;

/** A client library that people use works unchanged. */
class JedisTest {
  @TempDir Path folder;

  private TestEngine engine;

  @BeforeEach
  void start() {
    engine = TestEngine.start(folder, "--requirepass", "secret");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Jedis connect(RedisProtocol protocol) {
    var config =
        DefaultJedisClientConfig.builder()
            .password("secret")
            .database(2)
            .clientName("test")
            .protocol(protocol)
            .build();
    return new Jedis(new HostAndPort("127.0.0.1", engine.port()), config);
  }

  @Test
  void stringsAndExpiry() {
    try (var jedis = connect(RedisProtocol.RESP2)) {
      assertThat(jedis.set("k", "v", SetParams.setParams().ex(100).nx())).isEqualTo("OK");
      assertThat(jedis.set("k", "w", SetParams.setParams().nx())).isNull();
      assertThat(jedis.get("k")).isEqualTo("v");
      assertThat(jedis.ttl("k")).isBetween(98L, 100L);
      assertThat(jedis.incrByFloat("f", 0.5)).isEqualTo(0.5);
      assertThat(jedis.mget("k", "missing", "f")).containsExactly("v", null, "0.5");
      assertThat(jedis.clientGetname()).isEqualTo("test");
      assertThat(jedis.type("k")).isEqualTo("string");
      assertThatThrownBy(() -> jedis.incr("k"))
          .isInstanceOf(JedisDataException.class)
          .hasMessage("ERR value is not an integer or out of range");
    }
  }

  @Test
  void theThirdVersionOfTheProtocol() {
    try (var jedis = connect(RedisProtocol.RESP3)) {
      jedis.set("k", "v");
      assertThat(jedis.get("k")).isEqualTo("v");
      assertThat(jedis.get("missing")).isNull();
      assertThat(jedis.configGet("appendonly")).containsEntry("appendonly", "no");
    }
  }

  @Test
  void pipelinesAndTransactions() {
    try (var jedis = connect(RedisProtocol.RESP2)) {
      var pipeline = jedis.pipelined();
      for (int i = 0; i < 1000; i++) {
        pipeline.set("k" + i, Integer.toString(i));
      }
      var last = pipeline.get("k999");
      pipeline.sync();
      assertThat(last.get()).isEqualTo("999");
      jedis.watch("k0");
      var transaction = jedis.multi();
      transaction.incr("k0");
      transaction.get("k0");
      assertThat(transaction.exec()).isEqualTo(List.of(1L, "1"));
    }
  }

  @Test
  void scanMeetsEveryKey() {
    try (var jedis = connect(RedisProtocol.RESP2)) {
      for (int i = 0; i < 500; i++) {
        jedis.set("scan:" + i, "v");
      }
      Set<String> seen = new HashSet<>();
      String cursor = ScanParams.SCAN_POINTER_START;
      do {
        var page = jedis.scan(cursor, new ScanParams().match("scan:*").count(50));
        seen.addAll(page.getResult());
        cursor = page.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
      assertThat(seen).hasSize(500);
    }
  }

  @Test
  void whatAdministratorsAsk() {
    try (var jedis = connect(RedisProtocol.RESP2)) {
      assertThat(jedis.info())
          .contains("redis_version:7.2.4", "server_name:holdfast", "aof_enabled:0");
      assertThat(jedis.clientList()).contains("name=test", "db=2", "lib-name=");
      assertThat(jedis.configSet("maxmemory", "100mb")).isEqualTo("OK");
      assertThat(jedis.configGet("maxmemory")).containsEntry("maxmemory", "104857600");
      assertThat(jedis.slowlogGet()).isNotNull();
      assertThat(jedis.commandCount()).isGreaterThan(70);
      assertThat(jedis.commandDocs("set", "get")).containsKeys("set", "get");
      assertThat(jedis.commandInfo("get")).containsKey("get");
      assertThat(jedis.memoryUsage("missing")).isNull();
      assertThat(jedis.dbSize()).isZero();
    }
  }

  @Test
  void aDumpRestores() {
    try (var jedis = connect(RedisProtocol.RESP2)) {
      jedis.set("k", "x".repeat(100));
      jedis.restore("copy", 0, jedis.dump("k"));
      assertThat(jedis.get("copy")).isEqualTo("x".repeat(100));
    }
  }
}
