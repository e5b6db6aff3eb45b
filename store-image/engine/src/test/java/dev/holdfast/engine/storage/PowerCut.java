package dev.holdfast.engine.storage;

/** The power goes at this storage call, and with it the process. */
public final class PowerCut extends Error {
  private static final long serialVersionUID = 1;

  PowerCut() {
    super("power cut", null, false, false);
  }
}
