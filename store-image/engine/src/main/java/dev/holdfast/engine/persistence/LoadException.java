package dev.holdfast.engine.persistence;

/**
 * The data cannot be loaded, so the server must not start. The message is for the log: file,
 * offset, what was expected and found, what to do next.
 */
public final class LoadException extends Exception {
  private static final long serialVersionUID = 1;

  public LoadException(String message) {
    super(message);
  }

  public LoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
