package dev.holdfast.operator.e2e;

import redis.clients.jedis.Jedis;

/** A section of what a server answered to {@code INFO}. */
record ServerInfo(String answer) {

  static ServerInfo persistence(Jedis client) {
    return new ServerInfo(client.info("persistence"));
  }

  /** A field's value; an {@link AssertionError} when the server does not tell it. */
  String text(String field) {
    return answer
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + field + " in INFO, found " + answer));
  }

  long number(String field) {
    return Long.parseLong(text(field));
  }

  /** The lines in which a word stands, as {@code grep} prints them. */
  String grep(String word) {
    return String.join("\n", answer.lines().filter(line -> line.contains(word)).toList());
  }
}
