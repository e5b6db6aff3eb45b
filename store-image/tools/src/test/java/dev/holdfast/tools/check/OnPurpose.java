package dev.holdfast.tools.check;

/**
 * Where {@code holdfast-check-aof} and {@code redis-check-aof} 7.0 do not say the same of a file,
 * on purpose. {@code docs/tools.md} tells each of them to people in the words that stand here.
 */
enum OnPurpose {
  HALF_AN_ANNOTATION("A half-written annotation", 0, 1),
  NO_ARGUMENTS("A command with no arguments", 0, 1),
  ODD_NUMBER("A number that is not digits alone", 0, 1),
  LINE_FEED_ALONE("An annotation that ends in a line feed alone", 0, 1),
  TOO_LONG("An annotation of more than 1023 bytes", 1, 1),
  RDB_LATER("An RDB file in the place of an incremental one", 1, 0),
  CRASH("A length beyond the memory", 139, 1),
  UNKNOWN_TYPE("An RDB preamble with a type that nobody knows", 1, 1),
  MANIFEST_WORDS("A manifest's fault", 1, 1);

  private final String words;
  private final int stockExitCode;
  private final int ourExitCode;

  OnPurpose(String words, int stockExitCode, int ourExitCode) {
    this.words = words;
    this.stockExitCode = stockExitCode;
    this.ourExitCode = ourExitCode;
  }

  /** How the documentation starts to speak of it. */
  String words() {
    return words;
  }

  int stockExitCode() {
    return stockExitCode;
  }

  int ourExitCode() {
    return ourExitCode;
  }
}
