package dev.holdfast.engine.config;

import java.util.Locale;

/**
 * Sizes as configuration files spell them: {@code 1k} is 1000 bytes, {@code 1kb} is 1024, and so on
 * for m and g.
 */
public final class MemoryUnits {
  private MemoryUnits() {}

  /**
   * The bytes that a text means. Unsigned; what does not fit in 64 bits becomes the largest value,
   * and no digits at all mean 0.
   *
   * @throws NumberFormatException when it is not a size
   */
  public static long parse(String text) {
    int digits = 0;
    while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0) {
      digits++;
    }
    long unit =
        switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 1;
          case "k" -> 1000;
          case "kb" -> 1L << 10;
          case "m" -> 1_000_000;
          case "mb" -> 1L << 20;
          case "g" -> 1_000_000_000;
          case "gb" -> 1L << 30;
          default -> throw new NumberFormatException(text);
        };
    if (digits == 0) {
      return 0;
    }
    long value;
    try {
      value = Long.parseUnsignedLong(text.substring(0, digits));
    } catch (NumberFormatException e) {
      value = -1;
    }
    return value * unit;
  }
}
