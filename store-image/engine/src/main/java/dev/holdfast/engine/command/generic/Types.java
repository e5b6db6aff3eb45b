package dev.holdfast.engine.command.generic;

import dev.holdfast.engine.keyspace.Record;

/** The names of the types of values. */
final class Types {
  private Types() {}

  /** The name of a record's type; {@code none} for no record. */
  static String name(long record) {
    if (record == 0) {
      return "none";
    }
    int type = Record.type(record);
    if (type == Record.STRING) {
      return "string";
    }
    throw new IllegalStateException("record of unknown type " + type);
  }
}
