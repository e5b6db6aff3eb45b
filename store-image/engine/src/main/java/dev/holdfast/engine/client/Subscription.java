package dev.holdfast.engine.client;

/** The kinds of names that a client can subscribe to. */
public enum Subscription {
  CHANNEL,
  PATTERN,
  /** A channel of {@code SSUBSCRIBE}, in a name space of its own. */
  SHARD_CHANNEL
}
