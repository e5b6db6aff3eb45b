package dev.holdfast.image;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real server process on a data folder: ours from the runnable folder, or a stock one. */
final class ServerProcess implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final Path log;
  private final int port;

  private ServerProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Our server as the build left it. */
  static Path ours() {
    return Path.of(System.getProperty("store.folder")).resolve("bin/holdfast-server");
  }

  /** Starts a program and waits until it serves the folder. */
  static ServerProcess start(Path program, Path folder, String... directives) {
    return start(List.of(program.toString()), folder, directives);
  }

  /** As {@link #start}, of a program with words before its directives. */
  static ServerProcess start(List<String> program, Path folder, String... directives) {
    for (var attempt = 1; ; attempt++) {
      var server = launch(program, folder, directives);
      if (server.serves(folder)) {
        return server;
      }
      var log = server.log();
      server.close();
      if (attempt == ATTEMPTS || !log.contains("in use")) {
        throw new AssertionError("no PONG; the server's log:\n" + log);
      }
    }
  }

  /** Starts a program and returns at once. */
  static ServerProcess launch(Path program, Path folder, String... directives) {
    return launch(List.of(program.toString()), folder, directives);
  }

  private static ServerProcess launch(List<String> program, Path folder, String... directives) {
    try (var free = new ServerSocket(0)) {
      var port = free.getLocalPort();
      free.close();
      var command = new ArrayList<>(program);
      command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
      command.addAll(List.of("--dir", folder.toString()));
      command.addAll(List.of(directives));
      var log = Files.createTempFile("server", ".log");
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ServerProcess(process, log, port);
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + program, e);
    }
  }

  /**
   * Waits until it answers PING with PONG. Another server may have taken the port that was free a
   * moment ago, so who answers has to serve the folder.
   */
  private boolean serves(Path folder) {
    var began = System.nanoTime();
    while (process.isAlive() && System.nanoTime() - began < LIMIT_NANOS) {
      try (var client = connect()) {
        if (client.ping().equals("PONG")
            && client.configGet("dir").get("dir").equals(folder.toString())) {
          return true;
        }
      } catch (JedisException notYet) {
        // Not listening, or loading.
      }
      LockSupport.parkNanos(2_000_000);
    }
    return false;
  }

  Jedis connect() {
    return new Jedis("127.0.0.1", port, 20_000);
  }

  int port() {
    return port;
  }

  Process process() {
    return process;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "unreadable: " + e;
    }
  }

  /** Ends it with SIGKILL, and what runs it or was started by it; waits for the end. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    await(process.destroyForcibly());
  }

  /** Ends it with SIGTERM and returns its exit code. */
  int terminate() {
    process.destroy();
    return await(process);
  }

  private int await(Process ending) {
    try {
      if (!ending.waitFor(60, TimeUnit.SECONDS)) {
        ending.destroyForcibly();
        throw new AssertionError("did not end; its log:\n" + log());
      }
      return ending.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
