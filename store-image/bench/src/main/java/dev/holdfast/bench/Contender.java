package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server that takes part.
 *
 * @param name as it stands in the table
 * @param program the executable
 * @param root the folder that the program sees as {@code /} (a chroot), or {@code /}
 * @param wrapper a program with arguments that runs it, or none
 * @param directives with which it is always started
 */
record Contender(
    String name, Path program, Path root, List<String> wrapper, List<String> directives) {

  /** Without anything special. */
  Contender(String name, Path program, Path root) {
    this(name, program, root, List.of(), List.of());
  }

  /** Holdfast first, then those stock servers whose environment variables are set. */
  static List<Contender> fromEnvironment(Path holdfastServer) {
    var contenders = new ArrayList<Contender>();
    contenders.add(new Contender("holdfast", holdfastServer, Path.of("/")));
    var chroot = Path.of(Optional.ofNullable(System.getenv("PEER_ROOT")).orElse("/"));
    add(contenders, "valkey", "VALKEY_SERVER", chroot);
    add(contenders, "redis", "REDIS8_SERVER", chroot);
    return List.copyOf(contenders);
  }

  /** The Redis 7 that the speed of a replay is measured by, if its environment variable is set. */
  static List<Contender> redis7FromEnvironment() {
    var contenders = new ArrayList<Contender>();
    add(contenders, "redis7", "REDIS7_SERVER", Path.of("/"));
    return contenders;
  }

  private static void add(List<Contender> to, String name, String variable, Path root) {
    var program = System.getenv(variable);
    if (program == null) {
      Progress.say("without " + name + ": " + variable + " is not set");
    } else {
      to.add(new Contender(name, Path.of(program), root));
    }
  }

  /** The same server, run by another program. */
  Contender under(String... program) {
    return new Contender(name, this.program, root, List.of(program), directives);
  }

  /** Our server with an AOF as stock writes it, under a name of its own. */
  Contender plain() {
    return new Contender(
        name + ", no checksums", program, root, wrapper, List.of("--aof-checksum", "no"));
  }

  /** A new empty data folder, as this machine sees it, that the server can reach. */
  Path newFolder() {
    try {
      var parent = root.resolve("tmp");
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, "holdfast-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts the server and returns once it answers PING with PONG.
   *
   * @param folder its data folder, see {@link #newFolder()}
   * @param directives pairs such as {@code "--appendfsync", "always"}
   */
  RunningServer start(Path folder, String... directives) {
    var port = freePort();
    var seen = Path.of("/").resolve(root.relativize(folder));
    var command = new ArrayList<>(wrapper);
    command.add(program.toString());
    command.addAll(
        List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--dir", "" + seen));
    command.addAll(this.directives);
    command.addAll(List.of(directives));
    try {
      var began = System.nanoTime();
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("server.log").toFile())
              .start();
      return RunningServer.await(this, process, port, folder, began);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + program, e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
