package dev.holdfast.formats.check;

/** What was done about a verdict. */
public enum State {
  /** Nothing had to be changed. */
  PASSED("Passed"),
  REPAIRED("Repaired"),
  /** A decision is needed. */
  PARKED("Parked"),
  /** A check tool that was not asked to repair. */
  FOUND("Found");

  private final String word;

  State(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  static State of(String word) {
    return Words.of(values(), State::word, word, "state");
  }
}
