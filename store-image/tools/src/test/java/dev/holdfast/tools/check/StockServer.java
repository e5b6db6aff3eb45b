package dev.holdfast.tools.check;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A {@code redis-server} 7.0 on a data folder, with the AOF on. */
public final class StockServer implements AutoCloseable {

  private final Process process;
  private final int port;
  private final Path log;

  /**
   * Starts it and waits until it answers.
   *
   * @param directives as on its command line
   */
  public StockServer(Path dir, Path log, String... directives) throws IOException {
    String program = System.getenv("REDIS7_SERVER");
    assumeTrue(program != null, "REDIS7_SERVER names no redis-server of Redis 7: nothing to start");
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var command =
        new ArrayList<>(
            List.of(program, "--dir", dir.toString(), "--appendonly", "yes", "--save", ""));
    command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of(directives));
    this.log = log;
    this.process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    awaitAnswer();
  }

  /** Sends words as a line; the first line of the answer. */
  public String ask(String line) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
      var answer = new BufferedReader(in);
      String first = answer.readLine();
      return first != null && first.startsWith("$") && !first.equals("$-1")
          ? answer.readLine()
          : first;
    }
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        if ("+PONG".equals(ask("PING"))) {
          return;
        }
      } catch (ConnectException e) {
        // Not listening yet.
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IOException("the server did not start: " + java.nio.file.Files.readString(log));
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
