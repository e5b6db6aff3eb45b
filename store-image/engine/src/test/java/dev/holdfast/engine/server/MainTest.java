package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.stock.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast-server} as a process: how it starts, what it says, how it ends. */
class MainTest {
  private static final long SECONDS = 60;

  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }

  /** A started server and what it has printed so far. */
  private static final class Started {
    private final Process process;
    private final BufferedReader out;
    private final StringBuilder printed = new StringBuilder();

    Started(Process process) {
      this.process = process;
      this.out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    Started await(String text) throws IOException {
      while (printed.indexOf(text) < 0) {
        String line = out.readLine();
        assertThat(line).as("'%s' after:\n%s", text, printed).isNotNull();
        printed.append(line).append('\n');
      }
      return this;
    }

    int exitCode() throws IOException, InterruptedException {
      out.lines().forEach(line -> printed.append(line).append('\n'));
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }

  private Started run(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(ProcessHandle.current().info().command().orElseThrow(), "-XX:+UseSerialGC"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    processes.add(process);
    return new Started(process);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void sigtermFlushesAndEndsWithZero() throws Exception {
    int port = freePort();
    var server =
        run("--port", "" + port, "--bind", "127.0.0.1", "--appendonly", "yes", "--save", "")
            .await("Ready to accept connections");
    try (var client = new RawClient(port)) {
      client.call("SET", "k", "v");
    }
    server.process.toHandle().destroy();
    assertThat(server.exitCode()).isZero();
    assertThat(server.printed).contains("Received SIGTERM scheduling shutdown...");
    var again =
        run("--port", "" + port, "--bind", "127.0.0.1", "--appendonly", "yes", "--save", "")
            .await("Ready to accept connections");
    try (var client = new RawClient(port)) {
      assertThat(client.call("GET", "k")).isEqualTo("$1\r\nv\r\n");
      client.send("SHUTDOWN", "NOSAVE");
    }
    assertThat(again.exitCode()).isZero();
  }

  @Test
  void aMistakeInTheConfigurationIsToldWithoutAStackTrace() throws Exception {
    Files.writeString(folder.resolve("redis.conf"), "port 0\n\nappendfsync sometimes\n");
    var server = run("redis.conf");
    assertThat(server.exitCode()).isEqualTo(1);
    assertThat(server.printed.toString())
        .isEqualTo(
            """

            *** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***
            Reading the configuration file, at line 3
            >>> 'appendfsync sometimes'
            argument(s) must be one of the following: everysec, always, no
            """);
  }

  @Test
  void aMissingConfigurationOrDirectoryOrPasswordIsToldWithItsName() throws Exception {
    var noFile = run("nowhere.conf");
    assertThat(noFile.exitCode()).isEqualTo(1);
    assertThat(noFile.printed)
        .contains("can't open config file 'nowhere.conf': No such file or directory");
    var noDirectory = run("--dir", "nowhere");
    assertThat(noDirectory.exitCode()).isEqualTo(1);
    assertThat(noDirectory.printed).contains("Can't chdir to 'nowhere': No such file or directory");
    var noPassword = run("--requirepass-file", "nowhere");
    assertThat(noPassword.exitCode()).isEqualTo(1);
    assertThat(noPassword.printed)
        .contains("Can't read the password from 'nowhere'")
        .doesNotContain("at dev.holdfast");
  }

  @Test
  void aSecondServerOnTheSameDirectoryEndsAndNamesTheFirst() throws Exception {
    var first =
        run("--port", "" + freePort(), "--bind", "127.0.0.1").await("Ready to accept connections");
    var second = run("--port", "" + freePort(), "--bind", "127.0.0.1");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.printed)
        .contains("is in use by holdfast-server, process " + first.process.pid());
  }

  @Test
  void aPortThatIsTakenIsTold() throws Exception {
    try (var taken = new ServerSocket(0)) {
      var server = run("--port", "" + taken.getLocalPort(), "--bind", "127.0.0.1");
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.printed)
          .contains("" + taken.getLocalPort())
          .doesNotContain("at dev.holdfast");
    }
  }

  @Test
  void dataThatCannotBeLoadedEndsTheServerWithAdvice() throws Exception {
    Path aof = Files.createDirectory(folder.resolve("appendonlydir"));
    Files.writeString(
        aof.resolve("appendonly.aof.1.incr.aof"),
        "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\ngarbage");
    Files.writeString(
        aof.resolve("appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
    var server = run("--port", "" + freePort(), "--bind", "127.0.0.1", "--appendonly", "yes");
    assertThat(server.exitCode()).isEqualTo(1);
    assertThat(server.printed)
        .contains("Bad file format reading the append only file")
        .contains("check-aof");
  }

  @Test
  void whileItLoadsClientsAreToldAndSigtermEndsAtOnceAndChangesNothing() throws Exception {
    int port = freePort();
    Path aof = Files.createDirectory(folder.resolve("appendonlydir"));
    Path incr = aof.resolve("appendonly.aof.1.incr.aof");
    try (var out = Files.newBufferedWriter(incr, StandardCharsets.ISO_8859_1)) {
      for (int i = 0; i < 3_000_000; i++) {
        out.write("*3\r\n$3\r\nSET\r\n$8\r\n" + (10_000_000 + i) + "\r\n$1\r\nv\r\n");
      }
    }
    Files.writeString(
        aof.resolve("appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
    long size = Files.size(incr);
    var server =
        run("--port", "" + port, "--bind", "127.0.0.1", "--appendonly", "yes")
            .await("Running mode=standalone");
    try (var client = new RawClient(port)) {
      assertThat(client.call("GET", "k"))
          .isEqualTo("-LOADING Redis is loading the dataset in memory\r\n");
      assertThat(client.call("INFO", "persistence"))
          .contains("loading:1\r\n", "loading_total_bytes:" + size + "\r\n");
      server.process.toHandle().destroy();
      assertThat(server.exitCode()).isZero();
    }
    assertThat(server.printed).doesNotContain("Ready to accept connections");
    assertThat(Files.size(incr)).isEqualTo(size);
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("appendonlydir", "holdfast");
    }
  }

  @Test
  void theConfigurationComesFromStdinToo() throws Exception {
    int port = freePort();
    var server = run("-");
    try (var in = server.process.getOutputStream()) {
      in.write(
          ("port " + port + "\nbind 127.0.0.1\ndatabases 3\n").getBytes(StandardCharsets.UTF_8));
    }
    server.await("Ready to accept connections");
    try (var client = new RawClient(port)) {
      assertThat(client.call("SELECT", "3")).startsWith("-ERR DB index");
    }
  }

  @Test
  void theHealthPortAnswersProbesToAllAndTheVerdictToThoseWithThePassword() throws Exception {
    int port = freePort();
    int health = freePort();
    Files.writeString(folder.resolve("password"), "secret\n");
    Files.createDirectory(folder.resolve("holdfast"));
    Files.writeString(folder.resolve("holdfast/check.json"), "{\"verdict\": \"Clean\"}");
    run(
            "--port",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--health-port",
            "" + health,
            "--requirepass-file",
            "password")
        .await("Ready to accept connections");
    assertThat(get(health, "/livez", null)).startsWith("200");
    assertThat(get(health, "/startupz", null)).startsWith("200");
    assertThat(get(health, "/readyz", null)).startsWith("200");
    assertThat(get(health, "/verdict", null)).startsWith("401");
    assertThat(get(health, "/verdict", "secret")).isEqualTo("200 {\"verdict\": \"Clean\"}");
    try (var client = new RawClient(port)) {
      assertThat(client.call("PING")).startsWith("-NOAUTH");
      assertThat(client.call("AUTH", "secret")).isEqualTo("+OK\r\n");
    }
  }

  private static String get(int port, String path, String password) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (password != null) {
      request.header("Authorization", "Bearer " + password);
    }
    try (var client = HttpClient.newHttpClient()) {
      var response = client.send(request.build(), BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    }
  }

  @Test
  void theCommandLineClientOfTheFieldWorks() throws Exception {
    String cli = System.getenv("REDIS7_CLI");
    assumeTrue(cli != null, "REDIS7_CLI names no redis-cli");
    try (var engine = TestEngine.start(folder)) {
      String in =
          "set greeting hello\nget greeting\nmulti\nincr n\nexec\nhelp set\nobject help\nconfig get maxmem*\ninfo keyspace\n";
      for (String[] options : new String[][] {{}, {"-3"}}) {
        var command = new ArrayList<>(List.of(cli, "-p", "" + engine.port()));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        try (var out = process.getOutputStream()) {
          out.write(in.getBytes(StandardCharsets.UTF_8));
        }
        String printed =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed)
            .contains("hello")
            .contains("QUEUED")
            .contains("maxmemory-policy")
            .contains("db0:keys=2")
            .doesNotContain("ERR");
      }
    }
  }

  @Test
  void aHealthPortThatIsTakenIsToldBeforeTheDataIsOpened() throws Exception {
    try (var taken = new ServerSocket(0)) {
      int health = taken.getLocalPort();
      var server =
          run("--port", "" + freePort(), "--appendonly", "yes", "--health-port", "" + health);
      assertThat(server.exitCode()).isEqualTo(1);
      assertThat(server.printed)
          .contains("cannot listen on health port", "" + health, "choose another")
          .doesNotContain("Ready to accept", "User requested shutdown", "at dev.holdfast");
      assertThat(folder.resolve("appendonlydir")).doesNotExist();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenToIsToldWithTheCallAndTheReason() throws Exception {
    Path inTheWay = Files.writeString(folder.resolve("holdfast"), "a file");
    var server = run("--port", "" + freePort(), "--bind", "127.0.0.1");
    assertThat(server.exitCode()).isEqualTo(1);
    assertThat(server.printed).contains("create folder " + inTheWay + ": File exists");
  }
}
