package dev.holdfast.engine.config;

import java.util.List;

/**
 * The type of a directive: turns what a person wrote into the one spelling that is stored and
 * answered.
 */
@FunctionalInterface
public interface Kind {

  /**
   * Checks and normalises.
   *
   * @param words what stands after the name, already split at spaces
   * @param current the value in force, for directives of which a part can be set
   * @throws Refused with the field's own words when the value is not acceptable
   */
  String normalise(List<String> words, String current) throws Refused;

  /** Whether {@code CONFIG SET}'s one argument is to be split at spaces into several words. */
  default boolean manyWords() {
    return false;
  }
}
