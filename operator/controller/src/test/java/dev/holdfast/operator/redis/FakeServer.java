package dev.holdfast.operator.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A server on a real socket that answers each RESP command, or each HTTP request, with what a test
 * says.
 */
public final class FakeServer implements AutoCloseable {

  /** Requests as they came, words separated by spaces. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private FakeServer(Conversation conversation) {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> accept(conversation));
  }

  /** Speaks RESP: each command is answered with raw bytes; null closes the connection. */
  public static FakeServer resp(Function<String, String> answers) {
    return new FakeServer((server, socket) -> server.resp(socket, answers));
  }

  /** Speaks HTTP: each request line is answered with a whole response. */
  public static FakeServer http(Function<String, String> answers) {
    return new FakeServer((server, socket) -> server.http(socket, answers));
  }

  /** Accepts connections and never answers. */
  public static FakeServer hanging() {
    return new FakeServer(
        (server, socket) ->
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream()));
  }

  public int port() {
    return listener.getLocalPort();
  }

  public static String bulk(String text) {
    return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
  }

  public static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\nConnection: close\r\n\r\n"
        + body;
  }

  private interface Conversation {
    void hold(FakeServer server, Socket socket) throws IOException;
  }

  private void accept(Conversation conversation) {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> hold(conversation, socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void hold(Conversation conversation, Socket socket) {
    try (socket) {
      conversation.hold(this, socket);
    } catch (IOException e) {
      // The other side went away, which is its right.
    } finally {
      open.remove(socket);
    }
  }

  private void resp(Socket socket, Function<String, String> answers) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (var header = in.readLine(); header != null; header = in.readLine()) {
      List<String> words = new ArrayList<>();
      for (int i = Integer.parseInt(header.substring(1)); i > 0; i--) {
        in.readLine();
        words.add(in.readLine());
      }
      if (!answer(socket, String.join(" ", words), answers)) {
        return;
      }
    }
  }

  private void http(Socket socket, Function<String, String> answers) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    var request = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      request.append(line).append('\n');
    }
    answer(socket, request.toString(), answers);
  }

  private boolean answer(Socket socket, String request, Function<String, String> answers)
      throws IOException {
    requests.add(request);
    var answer = answers.apply(request);
    if (answer == null) {
      return false;
    }
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return true;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
