package dev.holdfast.formats.check;

/** Why a report has its state. */
public enum Reason {
  CLEAN("Clean"),
  WITHIN_BUDGET("WithinBudget"),
  /** A person approved this very verdict. */
  GRANTED("Granted"),
  BUDGET_EXCEEDED("BudgetExceeded"),
  POLICY_MANUAL("PolicyManual"),
  NOT_REPAIRABLE("NotRepairable"),
  /** The volume carries another store's identity. */
  FOREIGN_VOLUME("ForeignVolume"),
  /** Data was expected. */
  VOLUME_EMPTY("VolumeEmpty");

  private final String word;

  Reason(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  static Reason of(String word) {
    return Words.of(values(), Reason::word, word, "reason");
  }
}
