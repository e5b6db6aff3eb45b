package dev.holdfast.operator.store.observe;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * The report of a check, as {@code /verdict} hands it out; docs/pod.md says what the words mean.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CheckReport(
    String id,
    String time,
    String verdict,
    String state,
    String reason,
    String file,
    Long offset,
    Long bytesAtStake,
    Long commandsAtStake,
    String message,
    String action,
    Dropped dropped) {

  /** What a repair dropped, and where it is kept. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Dropped(Long bytes, Long commands, String quarantine) {}

  /** Whether the pod waits for a decision. */
  public boolean parked() {
    return "Parked".equals(state);
  }

  /** Whether the check changed data. */
  public boolean repaired() {
    return "Repaired".equals(state);
  }
}
