package dev.holdfast.tools.training;

import dev.holdfast.engine.server.Main;
import dev.holdfast.tools.check.CheckAof;
import dev.holdfast.tools.prepare.Prepare;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What the build runs to make the cache of loaded classes ({@code -XX:AOTCache}): every program
 * once, in one JVM, on small data of its own. A program that is not run here still works; it only
 * starts more slowly.
 */
public final class TrainingRun {

  private static final String COMMANDS =
      "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";

  /** An RDB file with one string and without a checksum. */
  private static final String BASE = "REDIS0010\u00fe\0\u00fb\1\0\0\1b\1v\u00ff" + "\0".repeat(8);

  private TrainingRun() {}

  /**
   * Takes a folder to make data in. Does not return: the server, which comes last, ends the
   * process.
   *
   * @throws IllegalStateException when a program does not do what it does in everyday life
   */
  public static void main(String[] args) throws IOException {
    Path data = Files.createDirectories(Path.of(args[0]));
    Path manifest = aof(data);
    var config = Files.writeString(data.resolve("redis.conf"), "appendonly yes\n").toString();

    expect(
        0,
        Prepare.run(
            new String[] {"--once", "--dir", data.toString(), "--store-id", "training", config},
            Map.of(),
            Optional.empty(),
            InstantSource.system(),
            System.out));
    expect(
        0,
        CheckAof.run(
            new String[] {manifest.toString()},
            InputStream.nullInputStream(),
            System.out,
            InstantSource.system()));
    expect(
        0,
        CheckAof.run(
            new String[] {"--report", "json", manifest.toString()},
            InputStream.nullInputStream(),
            System.out,
            InstantSource.system()));

    int port = freePort();
    Thread.ofPlatform().daemon().start(() -> new TrainingClient(port).run());
    Main.main(
        new String[] {
          config,
          "--dir",
          data.toString(),
          "--port",
          Integer.toString(port),
          "--bind",
          "127.0.0.1",
          "--health-port",
          "0"
        });
  }

  private static Path aof(Path data) throws IOException {
    Path folder = Files.createDirectories(data.resolve("appendonlydir"));
    Files.writeString(
        folder.resolve("appendonly.aof.1.incr.aof"), COMMANDS, StandardCharsets.US_ASCII);
    Files.writeString(
        folder.resolve("appendonly.aof.1.base.rdb"), BASE, StandardCharsets.ISO_8859_1);
    return Files.writeString(
        folder.resolve("appendonly.aof.manifest"),
        "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void expect(int wanted, int exitCode) {
    if (exitCode != wanted) {
      throw new IllegalStateException("expected exit code " + wanted + ", found " + exitCode);
    }
  }
}
