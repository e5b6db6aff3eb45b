package dev.holdfast.operator.sandbox.patch;

/** A patch that does not fit its target, or is malformed. */
public final class PatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean malformed;

  PatchException(boolean malformed, String message) {
    super(message);
    this.malformed = malformed;
  }

  /** Whether no target could ever take it. */
  public boolean malformed() {
    return malformed;
  }
}
