package dev.holdfast.engine.protocol;

import java.math.BigDecimal;

/**
 * A double in the shortest form that reads back as the same number, laid out as Redis 7.2 does:
 * plain where it is short, with an exponent otherwise.
 */
public final class DoubleText {
  private DoubleText() {}

  public static String of(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    var shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    return (value < 0 ? "-" : "") + layOut(shortest.unscaledValue().toString(), -shortest.scale());
  }

  /** {@code digits} times ten to the power of {@code exponent}. */
  private static String layOut(String digits, int exponent) {
    int count = digits.length();
    int scientific = exponent + count - 1;
    if (exponent >= 0 && scientific < count + 7) {
      return digits + "0".repeat(exponent);
    }
    if (exponent < 0 && (exponent > -7 || Math.abs(scientific) < 4)) {
      int point = count + exponent;
      return point <= 0
          ? "0." + "0".repeat(-point) + digits
          : digits.substring(0, point) + "." + digits.substring(point);
    }
    return digits.charAt(0)
        + (count > 1 ? "." + digits.substring(1) : "")
        + "e"
        + (scientific < 0 ? "-" : "+")
        + Math.abs(scientific);
  }
}
