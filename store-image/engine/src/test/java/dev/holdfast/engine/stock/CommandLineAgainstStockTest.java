package dev.holdfast.engine.stock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.config.CommandLine;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.config.ConfigException;
import dev.holdfast.engine.config.ConfigFile;
import dev.holdfast.engine.config.DiskConfigFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Command lines and lines of {@code redis.conf} mean what they mean to Redis 7.0: the same settings
 * after the start, or the same refusal.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandLineAgainstStockTest {
  private static final List<String> COMPARED =
      List.of(
          "save",
          "hz",
          "appendonly",
          "appendfsync",
          "maxmemory",
          "maxmemory-policy",
          "loglevel",
          "dbfilename",
          "timeout",
          "databases",
          "client-output-buffer-limit",
          "oom-score-adj-values",
          "latency-tracking-info-percentiles",
          "repl-backlog-size",
          "proc-title-template");

  @TempDir Path folder;

  static List<List<String>> commandLines() {
    return List.of(
        List.of("--save", "3600 1"),
        List.of("--save", "3600 1 300 100"),
        List.of("--save", "3600", "1", "300", "100"),
        List.of("--save", ""),
        List.of("--save"),
        List.of("--SAVE", "--hz", "11"),
        List.of("--save 3600 1"),
        List.of("--save 3600 1", "300", "100"),
        List.of("--save 3600 1", "300 100"),
        List.of("--save", "3600 1", "300 100"),
        List.of("--save", "3600", "1", "x"),
        List.of("--save", "3600"),
        List.of("--save", "0 1"),
        List.of("--save", "3600 1", "--save", "60 5"),
        List.of("--save", "3600 1", "--save", "", "--save", "60 5"),
        List.of("--save", "3600  1"),
        List.of("--save", "3600 1 "),
        List.of("--appendonly yes", "--appendfsync", "always"),
        List.of("--appendonly", "--hz", "11"),
        List.of("--appendonly"),
        List.of("--dbfilename", "--dashes", "--hz", "11"),
        List.of("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"),
        List.of("--maxmemory", "1 2"),
        List.of("--maxmemory", "-1"),
        List.of("--hz", "12 13"),
        List.of("--hz", ""),
        List.of("--bogus", "1"),
        List.of("--client-output-buffer-limit", "normal 1 2 3"),
        List.of("--client-output-buffer-limit", "normal 1 2 3 "),
        List.of("--client-output-buffer-limit", "normal", "1", "2", "3", "replica 1 2 3"),
        List.of("--oom-score-adj-values", "0 100 200"),
        List.of("--latency-tracking-info-percentiles", "50 99"),
        List.of("--loglevel", "VERBOSE"),
        List.of("--databases", "0"));
  }

  static List<String> lines() {
    return List.of(
        "save 3600 1 300 100",
        "save \"3600 1 300 100\"",
        "save 3600 1\nsave 300 100",
        "save 3600 1\nsave \"\"\nsave 60 5",
        "save",
        "save 3600",
        "save '3600 1'\nhz 11",
        "  hz   11  # not a comment",
        "  # a comment\n\t hz \"11\"\r",
        "hz '11",
        "hz \"11\"x",
        "\nhz 11\n\nbogus",
        "HZ 11\nLogLevel Verbose",
        "client-output-buffer-limit replica 1mb 1kb 5\nclient-output-buffer-limit pubsub 1 2 3",
        "maxmemory 1GB\nrepl-backlog-size 1mb",
        "proc-title-template \"{title} \\x41\"",
        "appendonly YES",
        "databases 20",
        "timeout -1");
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void aCommandLineMeansTheSame(List<String> arguments) throws Exception {
    compare(List.of(), arguments);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void linesOfAFileMeanTheSame(String lines) throws Exception {
    Files.writeString(folder.resolve("redis.conf"), lines + "\n");
    compare(List.of(folder.resolve("redis.conf").toString()), List.of());
  }

  private void compare(List<String> first, List<String> last) throws Exception {
    int port = freePort();
    var all = new ArrayList<>(first);
    all.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    all.addAll(List.of("--dir", folder.toString()));
    all.addAll(last);
    String stock = stock(all, port);
    assertThat(ours(all)).isEqualTo(stock);
  }

  private String ours(List<String> arguments) throws Exception {
    var config = new Config();
    var reader = new ConfigFile(config, new DiskConfigFiles(folder));
    var line = CommandLine.parse(arguments);
    try {
      if (line.file() != null) {
        reader.load(line.file());
      }
      line.apply(reader);
    } catch (ConfigException e) {
      return refusal(e.getMessage());
    }
    var settings = new TreeMap<String, String>();
    COMPARED.forEach(name -> settings.put(name, config.text(name)));
    return settings.toString();
  }

  private static String stock(List<String> arguments, int port) throws Exception {
    String program = System.getenv("REDIS7_SERVER");
    assumeTrue(program != null, "REDIS7_SERVER names no stock server to compare with");
    var command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    try (var stock = StockProcess.start(new ProcessBuilder(command).redirectErrorStream(true));
        var out =
            new BufferedReader(new InputStreamReader(stock.process().getInputStream(), UTF_8))) {
      var printed = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        printed.append(line).append('\n');
        if (line.contains("eady to accept connections")) {
          return settings(port);
        }
      }
      return refusal(printed.toString());
    }
  }

  private static String settings(int port) throws IOException {
    var settings = new TreeMap<String, String>();
    try (var client = new RawClient(port)) {
      for (String name : COMPARED) {
        settings.put(name, value(client.call("CONFIG", "GET", name)));
      }
    }
    return settings.toString();
  }

  /** The second element of the reply, without its name and lengths. */
  private static String value(String reply) {
    String[] lines = reply.split("\r\n", -1);
    assertThat(lines[0]).isEqualTo("*2");
    return lines[4];
  }

  /** The line number, the line without its quotes, and the reason; the version differs. */
  private static String refusal(String printed) {
    int at = printed.indexOf("Reading the configuration file");
    assertThat(at).as(printed).isNotNegative();
    return printed.substring(at).strip().replace("\"", "");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
