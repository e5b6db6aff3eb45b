package dev.holdfast.engine.net;

import java.io.IOException;

/** An address could not be listened on. The message names address, port and the system's words. */
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1;

  /** What an optional address ({@code bind -::1}) may fail with. */
  public enum Reason {
    /** No interface of this machine has the address. */
    ADDRESS_NOT_AVAILABLE,
    /** The system does not know the family, for example IPv6 is switched off. */
    FAMILY_NOT_SUPPORTED,
    OTHER
  }

  private final Reason reason;

  public ListenException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
