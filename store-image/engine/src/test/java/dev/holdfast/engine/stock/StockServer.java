package dev.holdfast.engine.stock;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A stock server as a process, the oracle of differential tests. Its program comes from the
 * environment.
 */
public final class StockServer implements AutoCloseable {
  private final StockProcess process;
  private final int port;

  private StockServer(StockProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether the environment names the program. */
  public static boolean isThere(String variable) {
    return System.getenv(variable) != null;
  }

  /**
   * Starts a server on a free port; the test is skipped when the environment does not name the
   * program.
   *
   * @param variable {@code REDIS7_SERVER} or {@code VALKEY_SERVER}
   * @param folder the data directory; servers in a changed root see only what is below it
   */
  public static StockServer start(String variable, Path folder, String... options) {
    String program = System.getenv(variable);
    assumeTrue(
        program != null, variable + " names no stock server, so there is nothing to compare with");
    try {
      int port = freePort();
      var command =
          new ArrayList<>(
              List.of(program, "--port", Integer.toString(port), "--bind", "127.0.0.1"));
      command.addAll(
          List.of("--save", "", "--dir", folder.toString(), "--enable-debug-command", "yes"));
      command.addAll(List.of("--enable-protected-configs", "yes"));
      command.addAll(List.of(options));
      var process =
          StockProcess.start(
              new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(new File("/dev/null")));
      var server = new StockServer(process, port);
      try {
        server.awaitPing();
      } catch (RuntimeException | Error e) {
        server.close();
        throw e;
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitPing() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (var client = new RawClient(port)) {
        client.call("PING");
        return;
      } catch (IOException e) {
        if (!process.process().isAlive() || System.nanoTime() > deadline) {
          throw new UncheckedIOException("the stock server does not answer", e);
        }
        Thread.onSpinWait();
      }
    }
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.close();
  }
}
