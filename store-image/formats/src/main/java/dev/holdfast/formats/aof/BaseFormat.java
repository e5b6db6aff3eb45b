package dev.holdfast.formats.aof;

/** How the base file of an AOF is written, and the suffix that says so. */
public enum BaseFormat {
  RDB(".base.rdb"),
  AOF(".base.aof");

  private final String suffix;

  BaseFormat(String suffix) {
    this.suffix = suffix;
  }

  String suffix() {
    return suffix;
  }
}
