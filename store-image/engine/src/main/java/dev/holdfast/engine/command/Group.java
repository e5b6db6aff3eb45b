package dev.holdfast.engine.command;

import java.util.Locale;

/**
 * The group a command is documented under, with the access category that comes with it (null for
 * none).
 */
public enum Group {
  STRING("string"),
  GENERIC("keyspace"),
  CONNECTION("connection"),
  PUBSUB("pubsub"),
  SERVER(null),
  TRANSACTIONS("transaction");

  private final String word = name().toLowerCase(Locale.ROOT);
  private final String category;

  Group(String category) {
    this.category = category;
  }

  /** The word that {@code COMMAND DOCS} answers. */
  public String word() {
    return word;
  }

  /** The access category of the group without the at sign, or null. */
  public String category() {
    return category;
  }
}
