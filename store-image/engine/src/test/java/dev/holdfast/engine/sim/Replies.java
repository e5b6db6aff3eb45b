package dev.holdfast.engine.sim;

import dev.holdfast.engine.net.SimPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** RESP2 replies as they arrive at a peer, each as one text. */
final class Replies {
  private final SimPeer peer;
  private byte[] bytes = new byte[0];
  private int position;

  Replies(SimPeer peer) {
    this.peer = peer;
  }

  /** Complete replies that were not handed out before. */
  List<String> next() {
    peer.pump();
    bytes = peer.received();
    List<String> replies = new ArrayList<>();
    for (int start = position; position < bytes.length; start = position) {
      var reply = parse();
      if (reply == null) {
        position = start;
        break;
      }
      replies.add(reply);
    }
    return replies;
  }

  /** Null when the end has not arrived. */
  private String parse() {
    var line = line();
    if (line == null) {
      return null;
    }
    return switch (line.charAt(0)) {
      case '$' -> bulk(Integer.parseInt(line.substring(1)));
      case '*' -> array(Integer.parseInt(line.substring(1)));
      default -> line;
    };
  }

  private String line() {
    for (int i = position; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        var line = new String(bytes, position, i - position, StandardCharsets.US_ASCII);
        position = i + 2;
        return line;
      }
    }
    return null;
  }

  private String bulk(int length) {
    if (length < 0) {
      return "nil";
    }
    if (position + length + 2 > bytes.length) {
      return null;
    }
    var text = new String(bytes, position, length, StandardCharsets.US_ASCII);
    position += length + 2;
    return text;
  }

  private String array(int length) {
    if (length < 0) {
      return "nil";
    }
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      var element = parse();
      if (element == null) {
        return null;
      }
      elements.add(element);
    }
    return elements.toString();
  }
}
