package dev.holdfast.engine.config;

import java.util.List;

/** One directive with its value. Owned by the command thread once the server runs. */
public final class Directive {

  /** When a directive can be changed. */
  enum Change {
    /** Any time. */
    LIVE,
    /** Any time, only when {@code enable-protected-configs} allows it. */
    PROTECTED,
    /** Only before the start. */
    NEVER
  }

  private final String name;
  private final String alias;
  private final Kind kind;
  private final String defaultValue;
  private final Change change;
  private String value;

  Directive(String name, String alias, Kind kind, String defaultValue, Change change) {
    this.name = name;
    this.alias = alias;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.change = change;
    this.value = defaultValue;
  }

  public String name() {
    return name;
  }

  /** The older name that is still understood, or null. */
  public String alias() {
    return alias;
  }

  /** The value in force, in the spelling that {@code CONFIG GET} answers. */
  public String value() {
    return value;
  }

  boolean isDefault() {
    return value.equals(defaultValue);
  }

  Change change() {
    return change;
  }

  boolean manyWords() {
    return kind.manyWords();
  }

  String normalise(List<String> words, String current) throws Refused {
    return kind.normalise(words, current);
  }

  void value(String value) {
    this.value = value;
  }
}
