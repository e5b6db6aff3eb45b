package dev.holdfast.engine.persistence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients did and what they were told, and the states of the keyspace that follow from it:
 * what a restart must find is the state after some number of whole operations, at least as many as
 * were promised.
 *
 * <p>Of each state only a fingerprint is kept, the sum of a hash of each key with its value, so
 * that a hundred thousand restarts can be compared with all of them.
 */
final class History {
  /** One effect on a database. */
  record Effect(int db, List<String> words) {}

  /** What one client did at once: one effect, or a transaction of several. */
  private record Operation(List<Effect> effects, long millis, long offset, long fingerprintAfter) {}

  private final Map<String, String> start;
  private final Map<String, String> state;
  private long fingerprint;
  private final List<Operation> operations = new ArrayList<>();
  private int acknowledged;
  private int failedUpTo;

  History(Map<String, String> start) {
    this.start = Map.copyOf(start);
    this.state = new HashMap<>(start);
    this.fingerprint = fingerprint(start);
  }

  void did(List<Effect> effects, long millis, long offset) {
    effects.forEach(this::apply);
    operations.add(new Operation(effects, millis, offset, fingerprint));
    failedUpTo = Math.min(failedUpTo, operations.size() - 1);
  }

  /** Replies up to this offset left. Those that got an error before do not count. */
  void released(long offset) {
    for (int i = Math.max(acknowledged, failedUpTo);
        i < operations.size() && operations.get(i).offset() <= offset;
        i++) {
      acknowledged = i + 1;
    }
  }

  /** Every reply above this offset became an error. */
  void failed(long releasedOffset) {
    released(releasedOffset);
    failedUpTo = operations.size();
  }

  int acknowledged() {
    return acknowledged;
  }

  int size() {
    return operations.size();
  }

  /** When the last operation was; 0: there was none. */
  long lastMillis() {
    return operations.isEmpty() ? 0 : operations.getLast().millis();
  }

  /** How many of the first operations were answered, in one way or the other, before then. */
  int answeredBefore(long millis) {
    int answered = Math.max(acknowledged, failedUpTo);
    int n = 0;
    while (n < answered && operations.get(n).millis() < millis) {
      n++;
    }
    return n;
  }

  /**
   * After how many operations, at least {@code atLeast}, the keyspace looked like this; -1: never.
   */
  int prefixThatGives(Map<String, String> contents, int atLeast) {
    long found = fingerprint(contents);
    for (int i = operations.size(); i > 0 && i >= atLeast; i--) {
      if (operations.get(i - 1).fingerprintAfter() == found) {
        return i;
      }
    }
    return atLeast == 0 && start.equals(contents) ? 0 : -1;
  }

  Map<String, String> stateAfter(int count) {
    var then = new History(start);
    for (var operation : operations.subList(0, count)) {
      operation.effects().forEach(then::apply);
    }
    return then.state;
  }

  private void apply(Effect effect) {
    var words = effect.words();
    switch (words.getFirst()) {
      case "FLUSHALL" -> {
        state.clear();
        fingerprint = 0;
      }
      case "SWAPDB" -> swap(words.get(1) + "/", words.get(2) + "/");
      default -> onKey(effect.db() + "/" + words.get(1), words);
    }
  }

  private void onKey(String key, List<String> words) {
    var old = state.get(key);
    switch (words.getFirst()) {
      case "SET" -> set(key, old, words.get(2) + "@-1");
      case "DEL" -> set(key, old, null);
      case "APPEND" -> {
        var before = old == null ? "@-1" : old;
        int at = before.lastIndexOf('@');
        set(key, old, before.substring(0, at) + words.get(2) + before.substring(at));
      }
      case "PEXPIREAT" -> {
        if (old != null) {
          set(key, old, old.substring(0, old.lastIndexOf('@') + 1) + words.get(2));
        }
      }
      default -> throw new IllegalArgumentException(words.getFirst());
    }
  }

  private void set(String key, String old, String value) {
    if (old != null) {
      fingerprint -= fingerprint(key, old);
    }
    if (value == null) {
      state.remove(key);
    } else {
      state.put(key, value);
      fingerprint += fingerprint(key, value);
    }
  }

  private void swap(String a, String b) {
    var before = Map.copyOf(state);
    state.clear();
    before.forEach(
        (key, value) -> {
          var to = key.startsWith(a) ? b : key.startsWith(b) ? a : null;
          state.put(to == null ? key : to + key.substring(2), value);
        });
    fingerprint = fingerprint(state);
  }

  private static long fingerprint(Map<String, String> contents) {
    long sum = 0;
    for (var entry : contents.entrySet()) {
      sum += fingerprint(entry.getKey(), entry.getValue());
    }
    return sum;
  }

  private static long fingerprint(String key, String value) {
    long z = ((long) key.hashCode() << 32) ^ (value.hashCode() + 0x9e3779b97f4a7c15L);
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
