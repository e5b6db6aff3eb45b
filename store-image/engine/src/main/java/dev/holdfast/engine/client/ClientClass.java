package dev.holdfast.engine.client;

/** Classes of clients that have output buffer limits of their own. */
public enum ClientClass {
  NORMAL,
  REPLICA,
  PUBSUB
}
