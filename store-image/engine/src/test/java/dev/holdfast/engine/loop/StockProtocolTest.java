package dev.holdfast.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.engine.agent.AgentThread;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.net.NetworkKind;
import dev.holdfast.engine.protocol.RandomRequests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a stock server answers to bytes that are no request, and what we answer. The stock server is
 * the one that the environment variable {@code REDIS7_SERVER} names.
 */
class StockProtocolTest {
  private static final List<String> NO_REQUESTS =
      List.of(
          "*x\r\n",
          "*\r\n",
          "*+1\r\n",
          "*01\r\n",
          "* 1\r\n",
          "*2147483648\r\n",
          "*99999999999999999999\r\n",
          "*-5\r\n*1\r\n$4\r\nPING\r\n",
          "*0\r\nPING\r\n",
          "*1\r\n$-1\r\n",
          "*1\r\n$\r\n",
          "*1\r\n$+4\r\nPING\r\n",
          "*1\r\n$536870913\r\n",
          "*1\r\n:4\r\n",
          "*1\r\n\r\n",
          "*1\r\n\0\r\n",
          "*1\r\n\u00ff\r\n",
          "*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n",
          "*1\rx$4\rxPING\r\n",
          "*1\n$4\nPING\r\n",
          "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n",
          "PING\r\nPING\n",
          "\r\n\r\nPING\r\n",
          "   PING   \r\n",
          "ECHO \"a\\x41\\n\\q\"\r\n",
          "ECHO 'a\\'b\\n'\r\n",
          "ECHO \"a\r\n",
          "ECHO \"a\"b\r\n",
          "ECHO a\0b\r\nPING\r\n",
          "ECHO ab\"c d\"\r\n",
          "ECHO \"\"\r\n",
          "PING\r\n*1\r\n$4\r\nPING\r\n*1\r\n$x\r\nPING\r\n",
          "*1\r\n$4\r\nPING\r\n*" + "1".repeat(70_000),
          "*1\r\n$" + "1".repeat(70_000),
          "x".repeat(70_000));

  @TempDir static Path folder;
  private static Process stock;
  private static int stockPort;
  private static ToyServer ours;
  private static int ourPort;
  private static AgentThread thread;

  @BeforeAll
  static void start() throws Exception {
    var program = System.getenv("REDIS7_SERVER");
    assumeThat(program).as("REDIS7_SERVER names no stock server to compare with").isNotNull();
    try (var free = new ServerSocket(0)) {
      stockPort = free.getLocalPort();
    }
    stock =
        new ProcessBuilder(
                program, "--port", "" + stockPort, "--save", "", "--dir", folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    ours = new ToyServer(NetworkKind.EPOLL.create(0), Clock.system());
    var listener = ours.network.listen("127.0.0.1", 0, 16);
    ourPort = listener.port();
    ours.loop.serve(listener);
    thread = new AgentThread(ours.loop.waiting(), Duration.ZERO, e -> {}).start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!answers(stockPort)) {
      assertThat(System.nanoTime()).as("the stock server starts").isLessThan(deadline);
    }
  }

  private static boolean answers(int port) throws IOException {
    try {
      return said(port, ascii("PING\r\n")).startsWith("+PONG");
    } catch (ConnectException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() {
    if (stock != null) {
      stock.destroyForcibly();
      ours.loop.submit(() -> {});
      thread.close();
      ours.network.close();
    }
  }

  @Test
  void bytesThatAreNoRequestAreAnsweredAsTheStockServerDoes() throws Exception {
    for (String bytes : NO_REQUESTS) {
      var shown = bytes.substring(0, Math.min(60, bytes.length()));
      assertThat(said(ourPort, ascii(bytes))).as(shown).isEqualTo(said(stockPort, ascii(bytes)));
    }
  }

  @Test
  void damagedRequestsAreAnsweredAsTheStockServerDoes() throws Exception {
    for (int seed = 0; seed < 60; seed++) {
      byte[] bytes = RandomRequests.bytes(new Random(seed));
      assertThat(withoutNames(said(ourPort, bytes)))
          .as("seed %d", seed)
          .isEqualTo(withoutNames(said(stockPort, bytes)));
    }
  }

  /** The toy executor's words for commands it does not know are not the stock server's. */
  private static String withoutNames(String said) {
    return said.replaceAll("-ERR (unknown command|wrong number)[^\r]*\r\n", "-ERR\r\n");
  }

  /** Sends the bytes and a pause later the end; returns the answer, and how it ended. */
  private static String said(int port, byte[] bytes) throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(bytes);
      socket.setSoTimeout(120);
      byte[] buffer = new byte[65_536];
      while (true) {
        int n = socket.getInputStream().read(buffer);
        if (n < 0) {
          return answer.toString(StandardCharsets.ISO_8859_1) + "(closed)";
        }
        answer.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      return answer.toString(StandardCharsets.ISO_8859_1) + "(open)";
    } catch (SocketException e) {
      if (e instanceof ConnectException) {
        throw e;
      }
      return answer.toString(StandardCharsets.ISO_8859_1) + "(closed)";
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
