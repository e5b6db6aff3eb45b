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

  /** What a value does. */
  enum Effect {
    /** The server follows it. */
    SOME,
    /** It is kept and answered, and nothing reads it. */
    NONE,
    /** Any value but the default is refused. */
    REFUSED
  }

  private final String name;
  private final String alias;
  private final Kind kind;
  private final String defaultValue;
  private final Change change;
  private final Effect effect;
  private String value;

  Directive(
      String name, String alias, Kind kind, String defaultValue, Change change, Effect effect) {
    this.name = name;
    this.alias = alias;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.change = change;
    this.effect = effect;
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

  Effect effect() {
    return effect;
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
