package dev.holdfast.operator.sandbox.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Somebody else owns fields that were applied with other values. */
public final class ApplyConflict extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Conflict> conflicts;

  /**
   * One field in dispute.
   *
   * @param manager the owner as messages name it, for example {@code "kubectl" using v1}
   */
  public record Conflict(String manager, String path) {}

  ApplyConflict(List<Conflict> conflicts) {
    super(message(conflicts));
    this.conflicts = List.copyOf(conflicts);
  }

  /** Every field in dispute. */
  public List<Conflict> conflicts() {
    return conflicts;
  }

  private static String message(List<Conflict> conflicts) {
    if (conflicts.size() == 1) {
      Conflict only = conflicts.getFirst();
      return "Apply failed with 1 conflict: conflict with " + only.manager() + ": " + only.path();
    }
    List<String> lines = new ArrayList<>();
    conflicts.stream()
        .collect(
            Collectors.groupingBy(Conflict::manager, java.util.TreeMap::new, Collectors.toList()))
        .forEach(
            (manager, fields) -> {
              lines.add("conflicts with " + manager + ":");
              fields.forEach(field -> lines.add("- " + field.path()));
            });
    return "Apply failed with " + conflicts.size() + " conflicts: " + String.join("\n", lines);
  }
}
