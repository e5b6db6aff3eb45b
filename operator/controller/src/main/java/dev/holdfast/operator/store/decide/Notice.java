package dev.holdfast.operator.store.decide;

/**
 * Something to tell people as an event of the store.
 *
 * @param warning whether somebody should look
 * @param reason a fixed word for programs
 * @param message a sentence for people
 */
public record Notice(boolean warning, String reason, String message) {

  static Notice normal(String reason, String message) {
    return new Notice(false, reason, message);
  }

  static Notice warning(String reason, String message) {
    return new Notice(true, reason, message);
  }
}
