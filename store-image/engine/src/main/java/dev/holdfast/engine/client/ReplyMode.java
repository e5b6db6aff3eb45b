package dev.holdfast.engine.client;

/** {@code CLIENT REPLY}. */
public enum ReplyMode {
  ON,
  OFF,
  /** The command after {@code CLIENT REPLY SKIP} gets no reply. */
  SKIP_NEXT,
  /** The command that runs now gets no reply. */
  SKIPPING
}
