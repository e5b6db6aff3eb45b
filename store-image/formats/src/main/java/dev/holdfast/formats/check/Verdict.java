package dev.holdfast.formats.check;

/**
 * What a check found, in the words that reports, status, events and metrics share. Ordered: the
 * later one is the worse one.
 */
public enum Verdict {
  /** Everything can be loaded. */
  CLEAN("Clean"),
  /** There is no data at all. */
  EMPTY("Empty"),
  /** The last file ends inside a command or a transaction. */
  TRUNCATED_TAIL("TruncatedTail"),
  /** The last file ends with bytes that are no commands, and nothing good follows them. */
  CORRUPT_TAIL("CorruptTail"),
  /** Damage with good commands after it. */
  CORRUPT_MIDDLE("CorruptMiddle"),
  /** The base file is damaged, so that all that builds on it is in doubt. */
  CORRUPT_BASE("CorruptBase"),
  /** A file that the manifest names is not there. */
  MISSING_FILE("MissingFile"),
  /** The manifest cannot be read. */
  BAD_MANIFEST("BadManifest"),
  /** There are data files that a server would not load: starting would lose them. */
  UNCLAIMED_FILES("UnclaimedFiles"),
  /** A file cannot be read at all, or the folder not be used, so that nothing is known. */
  UNREADABLE("Unreadable");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  /** The word as it is written in reports. */
  public String word() {
    return word;
  }

  /** Whether cutting the end of the last file heals it. */
  public boolean isTail() {
    return this == TRUNCATED_TAIL || this == CORRUPT_TAIL;
  }

  /** Whether a server may start on it as it is. */
  public boolean isGood() {
    return this == CLEAN || this == EMPTY;
  }

  static Verdict of(String word) {
    return Words.of(values(), Verdict::word, word, "verdict");
  }
}
