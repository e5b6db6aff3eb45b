package dev.holdfast.tools.prepare;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Who decides about a repair: {@code spec.recovery.policy} of the store. */
enum RecoveryPolicy {
  /** Every step of the recovery ladder that stays within the budget. */
  AUTOMATIC("Automatic"),
  /** Only the cut of a damaged tail within the budget. */
  TRUNCATE_TAIL("TruncateTail"),
  /** A person, each time. */
  MANUAL("Manual");

  private final String word;

  RecoveryPolicy(String word) {
    this.word = word;
  }

  static RecoveryPolicy parse(String word) {
    return Arrays.stream(values())
        .filter(policy -> policy.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--policy must be one of %s, not '%s'"
                        .formatted(
                            Arrays.stream(values())
                                .map(policy -> policy.word)
                                .collect(Collectors.joining(", ")),
                            word)));
  }
}
