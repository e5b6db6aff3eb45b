package dev.holdfast.tools.training;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Load on several connections, with and without pipelines, by every {@code appendfsync}: so that
 * the cache holds profiles of the paths that matter (JEP 515), and a new server compiles them well
 * and early.
 */
final class TrainingLoad implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final int KEYS = 5_000;
  private static final int SMALL_ROUNDS = 2_000;
  private static final int PIPELINE = 16;
  private static final int PIPELINED_ROUNDS = 600;
  private static final int ALWAYS_ROUNDS = 300;
  private static final String VALUE = "x".repeat(100);

  private final List<Socket> sockets = new ArrayList<>();
  private int next;

  /**
   * @param answerMillis how long an answer may take
   */
  TrainingLoad(int port, int answerMillis) throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(answerMillis);
      sockets.add(socket);
    }
  }

  /** Runs all of it. */
  void run() throws IOException {
    for (var fsync : List.of("everysec", "no", "always")) {
      exchange(List.of(request("CONFIG", "SET", "appendfsync", fsync)), "+OK\r\n".length());
      int part = fsync.equals("always") ? ALWAYS_ROUNDS : SMALL_ROUNDS / 2;
      rounds(part, 1);
      rounds(fsync.equals("always") ? ALWAYS_ROUNDS : PIPELINED_ROUNDS / 2, PIPELINE);
    }
  }

  /** Rounds of writes, and as many of reads of what was written. */
  private void rounds(int rounds, int pipeline) throws IOException {
    for (int i = 0; i < rounds; i++) {
      int first = next;
      var writes = new ArrayList<String>();
      var reads = new ArrayList<String>();
      for (int j = 0; j < pipeline; j++) {
        String key = "key:%012d".formatted((first + j) % KEYS);
        writes.add(request("SET", key, VALUE));
        reads.add(request("GET", key));
      }
      next += pipeline;
      exchange(writes, pipeline * "+OK\r\n".length());
      exchange(reads, pipeline * ("$100\r\n".length() + VALUE.length() + 2));
    }
  }

  /** Sends the same on every connection, then reads every answer. */
  private void exchange(List<String> requests, int answerBytes) throws IOException {
    byte[] bytes = String.join("", requests).getBytes(StandardCharsets.US_ASCII);
    for (var socket : sockets) {
      socket.getOutputStream().write(bytes);
    }
    for (var socket : sockets) {
      new DataInputStream(socket.getInputStream()).skipNBytes(answerBytes);
    }
  }

  private static String request(String... words) {
    var text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
  }
}
