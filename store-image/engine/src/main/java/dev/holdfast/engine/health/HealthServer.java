package dev.holdfast.engine.health;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The health port of {@code docs/pod.md}: plain HTTP/1.1 on threads of its own.
 *
 * <p>Each connection has one request and a daemon thread, at most {@value #MAX_CONNECTIONS} at a
 * time, so that neither a client that sends nothing nor a file that cannot be read keeps the
 * kubelet's probes waiting.
 */
public final class HealthServer implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 32;
  private static final int CLIENT_TIMEOUT_MILLIS = 5_000;
  private static final long RETRY_NANOS = 100_000_000;

  private final Health health;
  private final Supplier<Optional<String>> password;
  private final Optional<Path> configFile;
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);

  private HealthServer(
      Health health, Supplier<Optional<String>> password, Optional<Path> configFile) {
    this.health = health;
    this.password = password;
    this.configFile = configFile;
  }

  /**
   * Listens and answers until {@link #close}.
   *
   * @param addresses addresses to listen on; empty means all
   * @param port 0 picks a free one, see {@link #port}
   * @param password of user {@code default}, asked for at each request; while it is empty nobody
   *     gets in
   * @param configFile what {@code /config} tells about
   * @throws IOException when an address cannot be listened on, naming it
   */
  public static HealthServer start(
      List<String> addresses,
      int port,
      Health health,
      Supplier<Optional<String>> password,
      Optional<Path> configFile)
      throws IOException {
    var server = new HealthServer(health, password, configFile);
    try {
      for (String address : addresses.isEmpty() ? List.of("") : addresses) {
        server.listen(address, port);
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return listeners.getFirst().getLocalPort();
  }

  /** Stops listening; answers that are on their way are not waited for. */
  @Override
  public void close() {
    for (var listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        // Nothing was lost: the kernel closes it with the process.
      }
    }
  }

  private void listen(String address, int port) throws IOException {
    var where =
        address.isEmpty()
            ? new InetSocketAddress(port)
            : new InetSocketAddress(InetAddress.getByName(address), port);
    var listener = new ServerSocket();
    listeners.add(listener);
    listener.setReuseAddress(true);
    try {
      listener.bind(where);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on health port %s: %s; end what listens there, or choose another health port"
              .formatted(where, e.getMessage()),
          e);
    }
    daemon("health-" + port, () -> accept(listener));
  }

  private void accept(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        if (connections.tryAcquire()) {
          daemon("health-connection", () -> serve(socket));
        } else {
          socket.close();
        }
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LockSupport.parkNanos(RETRY_NANOS); // out of descriptors or threads: some come back
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
      var request = HttpRequest.read(socket.getInputStream());
      if (request.isPresent()) {
        socket
            .getOutputStream()
            .write(answer(request.get()).encode(!request.get().method().equals("HEAD")));
      }
    } catch (IOException e) {
      // The client went away or sent nothing; it will ask again.
    } finally {
      connections.release();
    }
  }

  private HttpResponse answer(HttpRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return HttpResponse.text(405, "only GET is answered here");
    }
    return switch (request.path()) {
      case "/livez" -> probe(health.live());
      case "/startupz" -> probe(health.startup());
      case "/readyz" -> probe(health.ready());
      case "/verdict" -> authorized(request) ? verdict() : HttpResponse.unauthorized();
      case "/config" -> authorized(request) ? config() : HttpResponse.unauthorized();
      default ->
          HttpResponse.text(404, "known paths are /livez, /startupz, /readyz, /verdict, /config");
    };
  }

  private static HttpResponse probe(Health.Answer answer) {
    return HttpResponse.text(answer.good() ? 200 : 503, answer.line());
  }

  private HttpResponse verdict() {
    return health
        .verdict()
        .map(HttpResponse::json)
        .orElseGet(() -> HttpResponse.text(404, "no check has ended yet"));
  }

  private HttpResponse config() {
    if (configFile.isEmpty()) {
      return HttpResponse.text(404, "started without a configuration file");
    }
    try {
      return HttpResponse.json(
          "{\"file\": \"%s\", \"sha256\": \"%s\"}"
              .formatted(escape(configFile.get().toString()), sha256(configFile.get())));
    } catch (IOException e) {
      return HttpResponse.text(503, "cannot read " + configFile.get() + ": " + e);
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private boolean authorized(HttpRequest request) {
    var wanted = password.get().filter(word -> !word.isEmpty());
    var given =
        request
            .header("authorization")
            .filter(value -> value.startsWith("Bearer "))
            .map(value -> value.substring(7));
    return wanted.isPresent()
        && given.isPresent()
        && MessageDigest.isEqual(
            wanted.get().getBytes(StandardCharsets.UTF_8),
            given.get().getBytes(StandardCharsets.UTF_8));
  }

  private static void daemon(String name, Runnable task) {
    Thread.ofPlatform().daemon().name(name).start(task);
  }
}
