package dev.holdfast.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one client did to the database that only it writes to: the contents after each of its
 * commands, in order. What somebody was told of it may not be lost.
 */
final class OwnDatabase {
  /**
   * One moment.
   *
   * @param contents after the command
   * @param touched keys that the command changed
   */
  record Moment(Map<String, String> contents, Set<String> touched) {}

  final int number;
  private final List<Moment> moments = new ArrayList<>(List.of(new Moment(Map.of(), Set.of())));
  private int told;

  OwnDatabase(int number) {
    this.number = number;
  }

  /** A command was sent; returns the number of the moment after it. */
  int sent(Map<String, String> contents, Set<String> touched) {
    moments.add(new Moment(Map.copyOf(contents), Set.copyOf(touched)));
    return last();
  }

  Map<String, String> newest() {
    return moments.getLast().contents();
  }

  int last() {
    return moments.size() - 1;
  }

  /** Somebody knows that this moment was reached. */
  void told(int moment) {
    told = Math.max(told, moment);
  }

  /** The newest moment that somebody knows of. */
  int told() {
    return told;
  }

  Map<String, String> at(int moment) {
    return moments.get(moment).contents();
  }

  /** The first moment from there on that is so; -1 when there is none. */
  int firstFrom(int from, Predicate<Map<String, String>> isSo) {
    for (int i = from; i <= last(); i++) {
      if (isSo.test(moments.get(i).contents())) {
        return i;
      }
    }
    return -1;
  }

  /** The first moment after that one at which the key was changed; -1 when there is none. */
  int firstChangeAfter(int moment, String key) {
    for (int i = moment + 1; i <= last(); i++) {
      if (moments.get(i).touched().contains(key)) {
        return i;
      }
    }
    return -1;
  }
}
