package dev.holdfast.engine.pubsub;

/** The classes of events that {@code notify-keyspace-events} chooses by a letter. */
enum EventClass {
  GENERIC('g'),
  STRING('$'),
  EXPIRED('x'),
  EVICTED('e'),
  NEW('n'),
  KEY_MISS('m');

  private final char letter;

  EventClass(char letter) {
    this.letter = letter;
  }

  /** Whether a value of the directive chooses it: {@code A} is all but {@code m} and {@code n}. */
  boolean isIn(String letters) {
    return letters.indexOf(letter) >= 0
        || this != NEW && this != KEY_MISS && letters.indexOf('A') >= 0;
  }
}
