package dev.holdfast.engine.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients did and what they were told, and the states of the keyspace that follow from it:
 * what a restart must find is the state after some number of whole operations, at least as many as
 * were promised.
 */
final class History {
  /** One effect on a database. */
  record Effect(int db, List<String> words) {}

  /** What one client did at once: one effect, or a transaction of several. */
  private record Operation(List<Effect> effects, long millis, long offset) {}

  private final Map<String, String> start;
  private final List<Operation> operations = new ArrayList<>();
  private int acknowledged;

  History(Map<String, String> start) {
    this.start = new TreeMap<>(start);
  }

  void did(List<Effect> effects, long millis, long offset) {
    operations.add(new Operation(effects, millis, offset));
    failedUpTo = Math.min(failedUpTo, operations.size() - 1);
  }

  private int failedUpTo;

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

  /**
   * How many of the first operations a power cut under {@code everysec} must leave: all but those
   * of the last second.
   */
  int olderThan(long millis) {
    if (operations.isEmpty()) {
      return 0;
    }
    long last = operations.getLast().millis();
    int n = 0;
    while (n < operations.size() && operations.get(n).millis() < last - millis) {
      n++;
    }
    return Math.min(n, Math.max(acknowledged, failedUpTo));
  }

  /**
   * After how many operations, at least {@code atLeast}, the keyspace looked like this; -1: never.
   */
  int prefixThatGives(Map<String, String> contents, int atLeast) {
    var state = new TreeMap<>(start);
    for (int i = 0; i <= operations.size(); i++) {
      if (i >= atLeast && state.equals(contents)) {
        return i;
      }
      if (i < operations.size()) {
        operations.get(i).effects().forEach(effect -> apply(state, effect));
      }
    }
    return -1;
  }

  Map<String, String> stateAfter(int count) {
    var state = new TreeMap<>(start);
    for (int i = 0; i < count; i++) {
      operations.get(i).effects().forEach(effect -> apply(state, effect));
    }
    return state;
  }

  private static void apply(Map<String, String> state, Effect effect) {
    var words = effect.words();
    switch (words.getFirst()) {
      case "FLUSHALL" -> state.clear();
      case "SWAPDB" -> swap(state, words.get(1) + "/", words.get(2) + "/");
      default -> {
        var key = effect.db() + "/" + words.get(1);
        var old = state.get(key);
        switch (words.getFirst()) {
          case "SET" -> state.put(key, words.get(2) + "@-1");
          case "DEL" -> state.remove(key);
          case "APPEND" -> {
            var value = old == null ? "" : old.substring(0, old.lastIndexOf('@'));
            var expiry = old == null ? "-1" : old.substring(old.lastIndexOf('@') + 1);
            state.put(key, value + words.get(2) + "@" + expiry);
          }
          case "PEXPIREAT" ->
              state.computeIfPresent(
                  key, (_, v) -> v.substring(0, v.lastIndexOf('@') + 1) + words.get(2));
          default -> throw new IllegalArgumentException(words.getFirst());
        }
      }
    }
  }

  private static void swap(Map<String, String> state, String a, String b) {
    var swapped = new TreeMap<String, String>();
    state.forEach(
        (key, value) -> {
          var to = key.startsWith(a) ? b : key.startsWith(b) ? a : null;
          swapped.put(to == null ? key : to + key.substring(2), value);
        });
    state.clear();
    state.putAll(swapped);
  }
}
