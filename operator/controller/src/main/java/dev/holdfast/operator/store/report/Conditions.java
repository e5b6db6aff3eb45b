package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.Condition;
import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the conditions of one report. A condition keeps the time of its last transition while
 * its status stays.
 */
final class Conditions {

  private static final int LONGEST_MESSAGE = 2000;

  private final List<Condition> before;
  private final Long generation;
  private final Instant now;
  private final List<Condition> conditions = new ArrayList<>();

  Conditions(List<Condition> before, Long generation, Instant now) {
    this.before = before;
    this.generation = generation;
    this.now = now;
  }

  void set(String type, Status status, String reason, String message) {
    var since =
        find(before, type)
            .filter(c -> c.status() == status)
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    var text =
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    conditions.add(new Condition(type, status, generation, since, reason, text));
  }

  void set(String type, boolean holds, String reason, String message) {
    set(type, holds ? Status.TRUE : Status.FALSE, reason, message);
  }

  List<Condition> all() {
    return List.copyOf(conditions);
  }

  static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
  }
}
