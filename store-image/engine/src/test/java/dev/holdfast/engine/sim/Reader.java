package dev.holdfast.engine.sim;

import dev.holdfast.engine.net.SimPeer;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Reads what others write. Each answer tells it of a moment: not before what it or the writer knew
 * when it asked, and known from then on.
 */
final class Reader extends SimClient {
  private final List<OwnDatabase> databases;
  private final RandomGenerator random;

  Reader(SimPeer peer, List<OwnDatabase> databases, RandomGenerator random) {
    super(peer);
    this.databases = databases;
    this.random = random;
  }

  /** Sends one question, with the choice of a database before it. */
  void ask() {
    var database = databases.get(random.nextInt(databases.size()));
    var key = Writer.key(random);
    send("+OK", "SELECT", Integer.toString(database.number));
    switch (random.nextInt(7)) {
      case 0, 1, 2 -> seen(database, now -> text(now.get(key)), "GET", key);
      case 3 -> seen(database, now -> now.containsKey(key) ? ":1" : ":0", "EXISTS", key);
      case 4 -> seen(database, now -> ":" + now.size(), "DBSIZE");
      case 5 -> {
        var other = Writer.key(random);
        send("+OK", "MULTI");
        send("+QUEUED", "GET", key);
        send("+QUEUED", "GET", other);
        seen(database, now -> List.of(text(now.get(key)), text(now.get(other))).toString(), "EXEC");
      }
      default -> watch(database, key);
    }
  }

  /** An aborted transaction says that somebody has changed the key. */
  private void watch(OwnDatabase database, String key) {
    int before = database.told();
    send("+OK", "WATCH", key);
    send("+OK", "MULTI");
    send("+QUEUED", "GET", key);
    send(
        reply -> {
          int moment =
              reply.equals("nil")
                  ? database.firstChangeAfter(before, key)
                  : database.firstFrom(
                      before, now -> reply.equals(List.of(text(now.get(key))).toString()));
          learn(database, moment, before, reply, "EXEC", "after", "WATCH", key);
        },
        "EXEC");
  }

  private interface Answer {
    String at(Map<String, String> now);
  }

  private void seen(OwnDatabase database, Answer answer, String... words) {
    int before = database.told();
    send(
        reply -> {
          Predicate<Map<String, String>> isSo = now -> answer.at(now).equals(reply);
          learn(database, database.firstFrom(before, isSo), before, reply, words);
        },
        words);
  }

  private static void learn(
      OwnDatabase database, int moment, int before, String reply, String... words) {
    if (moment < 0) {
      throw new AssertionError(
          "%s in database %d answered %s, which was never so between moments %d and %d"
              .formatted(String.join(" ", words), database.number, reply, before, database.last()));
    }
    database.told(moment);
  }

  private static String text(String value) {
    return value == null ? "nil" : value;
  }
}
