package dev.holdfast.formats.check;

/** What a checked file is to the store. */
public enum FileKind {
  BASE("Base"),
  INCR("Incr"),
  /** A whole AOF in one file, as before Redis 7. */
  SINGLE("Single"),
  /** An RDB file of its own, such as {@code dump.rdb}. */
  SNAPSHOT("Snapshot");

  private final String word;

  FileKind(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  static FileKind of(String word) {
    return Words.of(values(), FileKind::word, word, "kind of file");
  }
}
