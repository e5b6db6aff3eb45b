package dev.holdfast.operator.sandbox.store;

/** Changes after a revision were asked for that are no longer all remembered. */
public final class TooOldException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The resource version asked for, and the oldest that can be asked for. */
  public TooOldException(long asked, long oldest) {
    super("too old resource version: " + asked + " (" + oldest + ")");
  }
}
