package dev.holdfast.engine.sim;

import dev.holdfast.engine.net.SimPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** A client that knows what it waits for. */
class SimClient {
  private final SimPeer peer;
  private final Replies replies;
  private final Queue<Consumer<String>> waiting = new ArrayDeque<>();

  SimClient(SimPeer peer) {
    this.peer = peer;
    this.replies = new Replies(peer);
  }

  /**
   * Sends one command.
   *
   * @param onReply gets its reply
   */
  final void send(Consumer<String> onReply, String... words) {
    var text = new StringBuilder("*" + words.length + "\r\n");
    for (var word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    waiting.add(onReply);
    peer.send(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  final void send(String expected, String... words) {
    send(reply -> expect(expected, reply, words), words);
  }

  static void expect(String expected, String reply, String... words) {
    if (!expected.equals(reply)) {
      throw new AssertionError(
          "%s: expected %s, found %s".formatted(String.join(" ", words), expected, reply));
    }
  }

  /** Takes in what has left the server. */
  final void read() {
    for (var reply : replies.next()) {
      waiting.remove().accept(reply);
    }
  }

  final int waiting() {
    return waiting.size();
  }
}
