package dev.holdfast.engine.config;

/** A value that a directive does not take; the message is for the person who set it. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  public Refused(String message) {
    super(message, null, false, false);
  }
}
