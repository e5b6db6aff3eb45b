package dev.holdfast.engine.stock;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What several clients say to one server, {@code a: SUBSCRIBE x} a line, and the bytes that each of
 * them hears after each line. A word {@code {b}} stands for the number of connection b.
 */
final class Conversation implements AutoCloseable {
  private final int port;
  private final Map<String, RawClient> clients = new LinkedHashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final Map<String, Boolean> inTransaction = new HashMap<>();
  private final List<String> heard = new ArrayList<>();
  private int line;

  private Conversation(int port) {
    this.port = port;
  }

  /** Everything that is heard when the lines are said to the server at that port. */
  static List<String> heard(int port, int protocol, List<String> lines) throws IOException {
    try (var conversation = new Conversation(port)) {
      for (String line : lines) {
        conversation.client(line.substring(0, 1), protocol);
      }
      for (String line : lines) {
        conversation.say(line.substring(0, 1), line.substring(3));
      }
      return conversation.heard;
    }
  }

  private void client(String name, int protocol) throws IOException {
    if (!clients.containsKey(name)) {
      var client = new RawClient(port);
      clients.put(name, client);
      ids.put(name, client.call("CLIENT", "ID").substring(1).strip());
      client.call("HELLO", Integer.toString(protocol));
    }
  }

  private void say(String name, String command) throws IOException {
    line++;
    heard.add("--- " + line + " " + name + ": " + command);
    String said = command;
    for (var id : ids.entrySet()) {
      said = said.replace("{" + id.getKey() + "}", id.getValue());
    }
    var speaker = clients.get(name);
    if (command.equals("close")) {
      speaker.close();
      clients.remove(name);
    } else {
      speaker.send(said.split(" "));
      if (command.startsWith("MULTI")) {
        inTransaction.put(name, true);
      } else if (command.startsWith("EXEC") || command.startsWith("DISCARD")) {
        inTransaction.remove(name);
      }
      // Before the PING: a server tells of prefixes behind all commands that it has read at once.
      add(name, speaker.reply());
      listen(name, speaker);
    }
    for (var other : clients.entrySet()) {
      if (other.getValue() != speaker) {
        listen(other.getKey(), other.getValue());
      }
    }
  }

  /** Reads what there is: an answer to a PING of our own comes behind it. */
  private void listen(String name, RawClient client) throws IOException {
    if (inTransaction.containsKey(name)) {
      if (heard.getLast().startsWith("---") && heard.getLast().contains(" " + name + ": ")) {
        add(name, client.reply());
      }
      return;
    }
    String marker = "line-" + line;
    client.send("PING", marker);
    for (String reply = client.reply(); !reply.contains(marker); reply = client.reply()) {
      add(name, reply);
    }
  }

  private void add(String name, String reply) {
    String shown = reply;
    boolean tellsIds =
        heard.getLast().contains(": CLIENT ") || reply.contains("tracking-redir-broken");
    for (var id : tellsIds ? ids.entrySet() : Set.<Map.Entry<String, String>>of()) {
      shown = shown.replace(":" + id.getValue() + "\r\n", ":{" + id.getKey() + "}\r\n");
    }
    heard.add(name + " hears " + shown.replace("\r\n", "|"));
  }

  @Override
  public void close() throws IOException {
    for (var client : clients.values()) {
      client.close();
    }
  }
}
