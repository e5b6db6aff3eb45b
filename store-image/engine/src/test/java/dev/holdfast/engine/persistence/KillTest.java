package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real process, killed with signal 9 under load and during rewrites, on the real disk: no
 * acknowledged write is lost, under any policy.
 */
class KillTest {
  private static final int KILLS = Integer.getInteger("holdfast.kills", 3);
  private static final int PIPELINE = 16;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"always", "everysec", "no"})
  void aKilledProcessComesBackWithEveryAcknowledgedWrite(String policy) throws Exception {
    var random = new SplittableRandom(policy.hashCode());
    long acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int port = freePort();
      var process = start(port, policy);
      try (var client = new Client(port)) {
        long found = client.number("*2\r\n$3\r\nGET\r\n$7\r\ncounter\r\n");
        assertThat(found).as("counter after kill %d", kill).isGreaterThanOrEqualTo(acknowledged);
        client.number("*1\r\n$12\r\nBGREWRITEAOF\r\n");
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(500));
        acknowledged = found;
        while (System.nanoTime() < until) {
          acknowledged = client.countUp();
          if (random.nextInt(50) == 0) {
            client.number("*1\r\n$12\r\nBGREWRITEAOF\r\n");
          }
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    assertThat(acknowledged).isGreaterThan(KILLS * PIPELINE);
  }

  private Process start(int port, String policy) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    return new ProcessBuilder(
            List.of(
                java,
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.holdfast.engine.server.Main",
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--dir",
                dir.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                policy))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
        .start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Reads replies that are one line, or one line with a bulk string. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Client(int port) throws Exception {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      Socket connected = null;
      InputStream input = null;
      while (input == null) {
        try {
          connected = new Socket();
          connected.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
          connected.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
          var attempt = new BufferedInputStream(connected.getInputStream());
          if (line(attempt).equals("+PONG")) {
            input = attempt;
          }
        } catch (IOException e) {
          // Not listening yet.
        }
        if (input == null) {
          connected.close();
          assertThat(System.nanoTime()).as("the server did not come up").isLessThan(deadline);
          LockSupport.parkNanos(5_000_000);
        }
      }
      socket = connected;
      in = input;
    }

    /** Sends a command; the number that it answers, 0 for nil and for a status. */
    long number(String command) throws IOException {
      socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
      return reply();
    }

    private long reply() throws IOException {
      var line = line(in);
      return switch (line.charAt(0)) {
        case ':' -> Long.parseLong(line.substring(1));
        case '$' -> line.equals("$-1") ? 0 : Long.parseLong(line(in));
        default -> 0;
      };
    }

    /** A pipeline of increments; the last value. */
    long countUp() throws IOException {
      socket
          .getOutputStream()
          .write(
              "*2\r\n$4\r\nINCR\r\n$7\r\ncounter\r\n"
                  .repeat(PIPELINE)
                  .getBytes(StandardCharsets.US_ASCII));
      long last = 0;
      for (int i = 0; i < PIPELINE; i++) {
        last = reply();
      }
      return last;
    }

    private static String line(InputStream in) throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("closed");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
