package dev.holdfast.engine.command;

import java.util.Locale;

/**
 * What a command is and where it may run; the words are those of {@code COMMAND INFO}, which does
 * not answer {@link #MAY_REPLICATE} and {@link #WHILE_SUBSCRIBED}.
 */
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
  ALLOW_BUSY,
  /** Served to a RESP2 client with subscriptions, whose connection is taken by their messages. */
  WHILE_SUBSCRIBED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Whether {@code COMMAND INFO} answers it. */
  public boolean isShown() {
    return this != MAY_REPLICATE && this != WHILE_SUBSCRIBED;
  }

  /** The word that {@code COMMAND INFO} answers. */
  public String word() {
    return word;
  }
}
