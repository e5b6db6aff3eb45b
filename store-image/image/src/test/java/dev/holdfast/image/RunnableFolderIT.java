package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runnable folder as people get it: its launchers, the class cache, and the way from prepare to
 * server.
 */
class RunnableFolderIT {

  private static final Path FOLDER = Path.of(System.getProperty("store.folder"));
  private static final Path IMAGE = FOLDER.resolveSibling("image-root").resolve("opt/holdfast");

  @TempDir Path temporary;
  private Process process;

  @AfterEach
  void end() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void the_build_made_a_class_cache_and_it_is_used() throws Exception {
    assertThat(FOLDER.resolve("lib/holdfast.aot")).isNotEmptyFile();
    process =
        start(
            FOLDER,
            Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load"),
            "holdfast-server",
            "--version");
    assertThat(output()).contains("dev.holdfast.engine.server.Main source: shared objects file");
  }

  @Test
  void the_check_tools_run() throws Exception {
    var file = Files.createFile(temporary.resolve("a.aof"));
    process = start(FOLDER, Map.of(), "holdfast-check-aof", file.toString());
    assertThat(output()).isEqualTo("Start checking Old-Style AOF\nAOF " + file + " is empty\n");
    assertThat(process.waitFor()).isZero();
    process = start(FOLDER, Map.of(), "holdfast-check-rdb", "-v");
    assertThat(output()).isEqualTo("holdfast-check-rdb 1.0\n");
  }

  @Test
  void a_program_works_through_a_link_under_its_own_name() throws Exception {
    var bin = Files.createDirectories(temporary.resolve("bin"));
    Files.createSymbolicLink(
        bin.resolve("holdfast-check-rdb"), FOLDER.resolve("bin/holdfast-check-rdb"));
    process =
        new ProcessBuilder(bin.resolve("holdfast-check-rdb").toString(), "-v")
            .redirectErrorStream(true)
            .start();
    assertThat(output()).isEqualTo("holdfast-check-rdb 1.0\n");
  }

  @Test
  void prepare_becomes_the_server_which_keeps_its_data_and_ends_with_0_on_SIGTERM()
      throws Exception {
    var data = Files.createDirectories(temporary.resolve("data"));
    assertThat(serve(FOLDER, data, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"))
        .isEqualTo("+OK\r\n");
    assertThat(serve(FOLDER, data, "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")).isEqualTo("$1\r\nv\r\n");
  }

  @Test
  void the_images_native_launchers_do_the_same() throws Exception {
    assumeTrue(
        Files.exists(IMAGE), "the image was not built: run with -Pimages to try its launchers too");
    var data = Files.createDirectories(temporary.resolve("data"));
    assertThat(serve(IMAGE, data, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"))
        .isEqualTo("+OK\r\n");
    assertThat(serve(IMAGE, data, "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")).isEqualTo("$1\r\nv\r\n");
    process =
        start(
            IMAGE, Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load"), "holdfast-server", "--version");
    assertThat(output()).contains("dev.holdfast.engine.server.Main source: shared objects file");
  }

  @Test
  void a_folder_that_was_moved_runs_from_its_new_place_and_without_a_fitting_cache()
      throws Exception {
    var moved = temporary.resolve("moved here");
    copy(FOLDER, moved);
    Files.writeString(moved.resolve("lib/holdfast.aot"), "not a cache");
    Files.writeString(moved.resolve("lib/java-home"), "/no/such/jdk\n");
    process =
        start(
            moved,
            Map.of("JAVA_HOME", System.getProperty("java.home")),
            "holdfast-check-rdb",
            "-v");
    assertThat(output()).isEqualTo("holdfast-check-rdb 1.0\n");
  }

  @Test
  void without_any_java_it_says_what_to_install() throws Exception {
    var moved = temporary.resolve("moved");
    copy(FOLDER, moved);
    Files.writeString(moved.resolve("lib/java-home"), "/no/such/jdk\n");
    var path = Files.createDirectories(temporary.resolve("path"));
    for (String tool : List.of("dirname", "readlink", "grep")) {
      Files.createSymbolicLink(path.resolve(tool), Path.of("/usr/bin", tool));
    }

    process =
        start(
            moved,
            Map.of("JAVA_HOME", "/no/such/jdk", "PATH", path.toString()),
            "holdfast-check-rdb",
            "-v");

    assertThat(output())
        .isEqualTo(
            "holdfast-check-rdb: no Java 25 or newer found in JAVA_HOME (/no/such/jdk) or on the PATH;"
                + " install one and set JAVA_HOME\n");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  /** Starts a store on the folder, sends one request, ends the store; returns the answer. */
  private String serve(Path folder, Path data, String request) throws Exception {
    int port = freePort();
    var config =
        Files.writeString(temporary.resolve("redis.conf"), "appendonly yes\nappendfsync always\n");
    process =
        start(
            folder,
            Map.of(),
            "holdfast-prepare",
            "--dir",
            data.toString(),
            config.toString(),
            "--",
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1");
    String answer = ask(port, request);
    process.toHandle().destroy(); // Process.destroy would close its output
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    return answer;
  }

  private String ask(int port, String request) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String answer;
    while ((answer = askOnce(port, request)).isEmpty() || answer.startsWith("-LOADING")) {
      assertThat(process.isAlive()).as("the process has not ended").isTrue();
      assertThat(System.nanoTime()).as("starting has not taken a minute").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
    return answer;
  }

  /** The answer; empty while nobody listens. */
  private static String askOnce(int port, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[100];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, length, StandardCharsets.US_ASCII);
    } catch (ConnectException e) {
      return "";
    }
  }

  private static Process start(
      Path folder, Map<String, String> environment, String program, String... arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(folder.resolve("bin").resolve(program).toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String output() throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
