package dev.holdfast.engine.command;

import java.util.Locale;

/** What a command is and where it may run; the words are those of {@code COMMAND INFO}. */
public enum Flag {
  WRITE,
  READONLY,
  DENYOOM,
  ADMIN,
  PUBSUB,
  NOSCRIPT,
  BLOCKING,
  LOADING,
  STALE,
  SKIP_MONITOR,
  SKIP_SLOWLOG,
  FAST,
  NO_AUTH,
  MAY_REPLICATE,
  NO_ASYNC_LOADING,
  NO_MULTI,
  ALLOW_BUSY;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The word that {@code COMMAND INFO} answers. */
  public String word() {
    return word;
  }
}
