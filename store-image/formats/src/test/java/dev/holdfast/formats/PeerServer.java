package dev.holdfast.formats;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A stock server on a folder of its own, with a client, for differential tests. Where it is comes
 * from the environment ({@code REDIS7_SERVER} and so on); without it the test is skipped and says
 * so.
 */
public final class PeerServer implements AutoCloseable {
  private final Path dir;
  private final Process process;
  private final Socket socket;

  private PeerServer(Path dir, Process process, Socket socket) {
    this.dir = dir;
    this.process = process;
    this.socket = socket;
  }

  /**
   * A fresh folder that the program can see: servers in the chroot of {@code PEER_ROOT} see nothing
   * outside of it.
   */
  public static Path folder(String variable) throws IOException {
    var root = root(program(variable));
    var parent =
        root.isEmpty() ? Paths.get(System.getProperty("java.io.tmpdir")) : Paths.get(root, "tmp");
    return Files.createTempDirectory(parent, "holdfast-formats-");
  }

  /** Starts the server on the folder and waits until it has loaded its data. */
  public static PeerServer start(String variable, Path dir, String... options)
      throws IOException, InterruptedException {
    var program = program(variable);
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var command = new ArrayList<>(List.of(program, "--port", "" + port, "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", dir.toString().substring(root(program).length())));
    command.addAll(List.of("--save", "", "--daemonize", "no"));
    command.addAll(List.of(options));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("server.log").toFile())
            .start();
    try {
      var server = new PeerServer(dir, process, connect(process, port, dir));
      while (server.ask("PING").startsWith("-LOADING")) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      return server;
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly().waitFor();
      throw e;
    }
  }

  /** The program that a variable names, or the test is skipped. */
  public static String program(String variable) {
    var program = System.getenv(variable);
    assumeTrue(
        program != null && Files.isExecutable(Paths.get(program)),
        variable + " is not set: the comparison with this stock program is skipped");
    return program;
  }

  private static String root(String program) {
    try {
      var root = System.getenv("PEER_ROOT");
      return root != null && Files.readString(Paths.get(program)).contains(root) ? root : "";
    } catch (IOException notAScript) {
      return "";
    }
  }

  private static Socket connect(Process process, int port, Path dir)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "the server did not start: " + Files.readString(dir.resolve("server.log")), e);
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  /** Sends a command and returns the reply as text, arrays as {@code [a, b]}. */
  public String ask(String... words) throws IOException {
    return ask(
        List.of(words).stream()
            .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new));
  }

  public String ask(byte[]... words) throws IOException {
    var request = new ByteArrayOutputStream();
    request.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    for (var word : words) {
      request.writeBytes(("$" + word.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      request.writeBytes(word);
      request.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    socket.getOutputStream().write(request.toByteArray());
    return reply(socket.getInputStream());
  }

  /** As {@link #ask}; an error reply fails the test. */
  public PeerServer run(String... words) throws IOException {
    var reply = ask(words);
    if (reply.startsWith("-")) {
      throw new AssertionError(String.join(" ", words) + ": " + reply);
    }
    return this;
  }

  private static String reply(InputStream in) throws IOException {
    var line = line(in);
    return switch (line.charAt(0)) {
      case '$' -> bulk(in, Integer.parseInt(line.substring(1)));
      case '*' -> {
        var items = new ArrayList<String>();
        for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
          items.add(reply(in));
        }
        yield items.toString();
      }
      case '-' -> line;
      default -> line.substring(1);
    };
  }

  private static String bulk(InputStream in, int length) throws IOException {
    if (length < 0) {
      return "(nil)";
    }
    var bytes = in.readNBytes(length);
    in.readNBytes(2);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) != '\r') {
      if (b < 0) {
        throw new IOException("the server closed the connection");
      }
      line.write(b);
    }
    in.read();
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** The server's folder. */
  public Path dir() {
    return dir;
  }

  /** Stops the server and leaves its folder. */
  @Override
  public void close() {
    try {
      socket.close();
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Removes a folder made by {@link #folder}. */
  public static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
