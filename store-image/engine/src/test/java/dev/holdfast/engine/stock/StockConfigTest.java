package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directives of a stock server are on our page, and its packaged file starts ours. */
class StockConfigTest {
  @TempDir Path folder;

  @Test
  void noNameOfRedis7IsMissingFromThePage() throws IOException {
    String page = Files.readString(Path.of("../../docs/redis-conf.md"));
    try (var server = StockServer.start("REDIS7_SERVER", folder);
        var stock = new RawClient(server.port())) {
      var names = names(stock);
      assertThat(names).hasSizeGreaterThan(150);
      new Config().directives().forEach(each -> names.remove(String.valueOf(each.alias())));
      assertThat(names).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }
  }

  private static TreeSet<String> names(RawClient client) throws IOException {
    var elements = DifferentialTest.elements(client.call("CONFIG", "GET", "*"));
    var names = new TreeSet<String>();
    for (int i = 0; i < elements.size(); i += 2) {
      names.add(elements.get(i));
    }
    return names;
  }

  @Test
  void thePackagedFileStartsOursWithoutDaemonize() throws IOException {
    String root = System.getenv("PEER_ROOT");
    Path file = root == null ? null : Path.of(root, "etc/redis/redis.conf");
    assumeTrue(
        file != null && Files.exists(file), "PEER_ROOT holds no packaged redis.conf to start with");
    var lines = new ArrayList<>(Files.readAllLines(file));
    assertThat(lines.remove("daemonize yes")).isTrue();
    Path mended = Files.write(folder.resolve("packaged.conf"), lines);
    try (var engine =
            TestEngine.start(
                folder,
                "--include",
                mended.toString(),
                "--daemonize",
                "no",
                "--port",
                "0",
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--logfile",
                "");
        var client = engine.client()) {
      assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
      assertThat(client.call("CONFIG", "GET", "maxclients")).contains("10000");
      assertThat(engine.log())
          .contains("These directives are accepted and have no effect in this server: pidfile.");
    }
  }
}
