package dev.holdfast.engine.sim;

import dev.holdfast.engine.net.SimPeer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Writes to a database of its own, so that it knows each reply before it comes. Every value is
 * written once.
 */
final class Writer extends SimClient {
  private static final int KEYS = 5;

  private final OwnDatabase database;
  private final RandomGenerator random;
  private int values;

  Writer(SimPeer peer, OwnDatabase database, RandomGenerator random) {
    super(peer);
    this.database = database;
    this.random = random;
    send("+OK", "SELECT", Integer.toString(database.number));
  }

  static List<String> allKeys() {
    return IntStream.range(0, KEYS).mapToObj(i -> "k" + i).toList();
  }

  static String key(RandomGenerator random) {
    return "k" + random.nextInt(KEYS);
  }

  /** Sends one command, or one transaction. */
  void write() {
    var now = new TreeMap<>(database.newest());
    var key = key(random);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        now.put(key, value());
        change("+OK", now, Set.of(key), "SET", key, now.get(key));
      }
      case 3, 4 -> {
        boolean there = now.remove(key) != null;
        change(there ? ":1" : ":0", now, there ? Set.of(key) : Set.of(), "DEL", key);
      }
      case 5 -> {
        boolean there = now.containsKey(key);
        var value = value();
        now.putIfAbsent(key, value);
        change(there ? ":0" : ":1", now, there ? Set.of() : Set.of(key), "SETNX", key, value);
      }
      case 6 -> {
        var old = now.remove(key);
        change(text(old), now, old == null ? Set.of() : Set.of(key), "GETDEL", key);
      }
      case 7 -> {
        var value = value();
        now.merge(key, value, String::concat);
        change(":" + now.get(key).length(), now, Set.of(key), "APPEND", key, value);
      }
      case 8 -> transaction(now);
      case 9 -> rename(now, key);
      case 10 -> {
        if (random.nextInt(4) == 0) {
          change("+OK", Map.of(), now.keySet(), "FLUSHDB");
        } else {
          var value = value();
          var old = now.put(key, value);
          change(text(old), now, Set.of(key), "SET", key, value, "GET");
        }
      }
      default -> send(text(now.get(key)), "GET", key);
    }
  }

  /** All of it or nothing of it. */
  private void transaction(Map<String, String> now) {
    var touched = new HashSet<String>();
    var replies = new StringBuilder();
    send("+OK", "MULTI");
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      var key = key(random);
      touched.add(key);
      now.put(key, value());
      send("+QUEUED", "SET", key, now.get(key));
      replies.append(replies.isEmpty() ? "" : ", ").append("+OK");
    }
    change("[" + replies + "]", now, touched, "EXEC");
  }

  private void rename(Map<String, String> now, String from) {
    var to = key(random);
    if (!now.containsKey(from)) {
      send("-ERR no such key", "RENAME", from, to);
      return;
    }
    now.put(to, now.remove(from));
    change("+OK", now, new HashSet<>(List.of(from, to)), "RENAME", from, to);
  }

  private void change(
      String expected, Map<String, String> now, Set<String> touched, String... words) {
    int moment = database.sent(now, touched);
    send(
        reply -> {
          expect(expected, reply, words);
          database.told(moment);
        },
        words);
  }

  private String value() {
    return "<" + values++ + ">";
  }

  private static String text(String value) {
    return value == null ? "nil" : value;
  }
}
