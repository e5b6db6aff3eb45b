package dev.holdfast.formats.check;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the constant for a word of a report. */
final class Words {
  private Words() {}

  static <T> T of(T[] constants, Function<T, String> word, String wanted, String what) {
    for (var constant : constants) {
      if (word.apply(constant).equals(wanted)) {
        return constant;
      }
    }
    var known = Arrays.stream(constants).map(word).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "expected a %s (%s), found '%s'".formatted(what, known, wanted));
  }
}
