package dev.holdfast.engine.stock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.latency.LatencyGraph;
import dev.holdfast.engine.latency.LatencyMonitor.Sample;
import dev.holdfast.engine.server.TestEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words and shapes of {@code LATENCY GRAPH} and {@code HISTOGRAM} are those of Redis 7. */
class LatencyAgainstStockTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "RESP{0}")
  @ValueSource(strings = {"2", "3"})
  void histograms_have_the_shape_of_a_stock_server(String protocol) throws IOException {
    try (var server = StockServer.start("REDIS7_SERVER", folder);
        var engine = TestEngine.start(folder);
        var theirs = new RawClient(server.port());
        var ours = engine.client()) {
      for (var client : List.of(theirs, ours)) {
        client.call("HELLO", protocol);
        client.call("SET", "a", "1");
        client.call("INCR", "a");
        client.call("CONFIG", "GET", "port");
      }
      for (var command :
          List.of("SET", "set nosuch incr", "config", "config|get", "nosuch", "del")) {
        var words = ("LATENCY HISTOGRAM " + command).split(" ");
        assertThat(shape(ours.call(words))).as(command).isEqualTo(shape(theirs.call(words)));
      }
      assertThat(limits(theirs)).isNotEmpty().allMatch(LatencyAgainstStockTest::isLimit);
      assertThat(limits(ours)).isNotEmpty().allMatch(LatencyAgainstStockTest::isLimit);
      for (var words : List.of("LATENCY GRAPH", "LATENCY GRAPH nosuch", "LATENCY GRAPH a b")) {
        assertThat(ours.call(words.split(" "))).isEqualTo(theirs.call(words.split(" ")));
      }
    }
  }

  @Test
  void a_graph_is_drawn_as_a_stock_server_draws_it() throws IOException {
    try (var server = StockServer.start("REDIS7_SERVER", folder);
        var theirs = new RawClient(server.port())) {
      theirs.call("CONFIG", "SET", "latency-monitor-threshold", "5");
      for (var seconds : List.of("0.02", "0.1", "0.05")) {
        theirs.call("DEBUG", "SLEEP", seconds);
        StaleLogTest.awaitTime(Instant.now().plusMillis(1010));
      }
      var drawn = body(theirs.call("LATENCY", "GRAPH", "command"));
      var samples = samples(theirs.call("LATENCY", "HISTORY", "command"));
      var latest = theirs.call("LATENCY", "LATEST");
      long longest = Long.parseLong(latest.strip().substring(latest.strip().lastIndexOf(':') + 1));
      long last = samples.getLast().unixSeconds();
      assertThat(
              List.of(
                  LatencyGraph.of("command", samples, longest, last + 1),
                  LatencyGraph.of("command", samples, longest, last + 2)))
          .contains(drawn);
    }
  }

  /** All but the numbers, and the limits, of which a fast machine needs fewer. */
  private static String shape(String reply) {
    return reply
        .replaceAll("(?s)(histogram_usec\r\n)[*%]\\d+\r\n(:\\d+\r\n)+", "$1limits\r\n")
        .replaceAll(":\\d+", ":n");
  }

  private static List<Long> limits(RawClient client) throws IOException {
    var found = new ArrayList<Long>();
    var pairs = Pattern.compile(":(\\d+)\r\n:(\\d+)\r\n");
    var all = client.call("LATENCY", "HISTOGRAM").split("histogram_usec\r\n");
    for (int i = 1; i < all.length; i++) {
      var matcher = pairs.matcher(all[i]);
      while (matcher.find()) {
        found.add(Long.parseLong(matcher.group(1)));
      }
    }
    return found;
  }

  private static boolean isLimit(long micros) {
    for (int exponent = 10; exponent < 40; exponent++) {
      if (((1L << exponent) + (1L << exponent - 7) - 1) / 1000 == micros) {
        return true;
      }
    }
    return false;
  }

  private static String body(String bulk) {
    int start = bulk.indexOf("\r\n") + 2;
    return bulk.substring(start, bulk.length() - 2);
  }

  private static List<Sample> samples(String history) {
    var found = new ArrayList<Sample>();
    var matcher = Pattern.compile(":(\\d+)\r\n:(\\d+)\r\n").matcher(history);
    while (matcher.find()) {
      found.add(new Sample(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
    }
    return found;
  }
}
