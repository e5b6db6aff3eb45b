package dev.holdfast.engine.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The access categories that follow from a command's group and flags. */
final class AccessCategories {
  private static final List<String> ORDER =
      List.of(
          "keyspace",
          "read",
          "write",
          "string",
          "pubsub",
          "admin",
          "fast",
          "slow",
          "blocking",
          "dangerous",
          "connection",
          "transaction");

  private AccessCategories() {}

  static List<String> of(Command command, Group group, List<String> more) {
    Set<String> all = new HashSet<>(more);
    if (command.subcommands().isEmpty() && group.category() != null) {
      all.add(group.category());
    }
    if (command.is(Flag.READONLY)) {
      all.add("read");
    }
    if (command.is(Flag.WRITE)) {
      all.add("write");
    }
    if (command.is(Flag.ADMIN)) {
      all.add("admin");
      all.add("dangerous");
    }
    if (command.is(Flag.PUBSUB)) {
      all.add("pubsub");
    }
    if (command.is(Flag.BLOCKING)) {
      all.add("blocking");
    }
    all.add(command.is(Flag.FAST) ? "fast" : "slow");
    var ordered = new ArrayList<>(ORDER);
    ordered.retainAll(all);
    return ordered;
  }
}
