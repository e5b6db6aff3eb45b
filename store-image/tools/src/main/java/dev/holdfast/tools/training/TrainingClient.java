package dev.holdfast.tools.training;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What everyday clients send, so that the server has loaded what they need; then it shuts the
 * server down.
 */
final class TrainingClient implements Runnable {

  private static final long RETRY_NANOS = 20_000_000;
  private static final int ATTEMPTS = 500;
  private static final int ANSWER_MILLIS = 10_000;

  private static final List<String> REQUESTS =
      List.of(
          "PING",
          "HELLO 3",
          "CLIENT SETNAME training",
          "CLIENT SETINFO LIB-NAME training",
          "COMMAND DOCS GET",
          "SET k v EX 100",
          "GET k",
          "MSET a 1 b 2",
          "MGET a b",
          "INCR a",
          "APPEND a x",
          "DEL a b",
          "EXPIRE k 200",
          "TTL k",
          "SCAN 0",
          "TYPE k",
          "EXISTS k",
          "MULTI",
          "SET m 1",
          "EXEC",
          "CONFIG GET appendfsync",
          "CONFIG SET appendfsync always",
          "SET always 1",
          "INFO",
          "DBSIZE",
          "WAITAOF 1 0 100",
          "BGREWRITEAOF",
          "NOSUCHCOMMAND",
          "CLIENT LIST");

  private final int port;

  TrainingClient(int port) {
    this.port = port;
  }

  @Override
  public void run() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(ANSWER_MILLIS);
        use(socket);
        return;
      } catch (SocketTimeoutException e) {
        break;
      } catch (IOException e) {
        LockSupport.parkNanos(RETRY_NANOS); // not listening yet
      }
    }
    System.out.println("the server did not serve on port " + port);
    Runtime.getRuntime().halt(1);
  }

  private void use(Socket socket) throws IOException {
    var in = new BufferedInputStream(socket.getInputStream());
    awaitLoaded(socket, in);
    try (var load = new TrainingLoad(port, ANSWER_MILLIS)) {
      load.run();
    }
    for (String request : REQUESTS) {
      send(socket, request);
      readAvailable(in);
    }
    send(socket, "SHUTDOWN");
    in.readAllBytes();
  }

  /** While data is loaded, everything is answered with an error. */
  private static void awaitLoaded(Socket socket, BufferedInputStream in) throws IOException {
    while (true) {
      send(socket, "PING");
      int first = in.read();
      in.skipNBytes(in.available());
      if (first == '+') {
        return;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private static void send(Socket socket, String request) throws IOException {
    String[] words = request.split(" ", -1);
    var text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits for an answer; that it is all there does not matter. */
  private static void readAvailable(BufferedInputStream in) throws IOException {
    if (in.read() < 0) {
      throw new IOException("the server closed the connection");
    }
    in.skipNBytes(in.available());
  }
}
