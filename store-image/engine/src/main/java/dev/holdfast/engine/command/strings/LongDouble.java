package dev.holdfast.engine.command.strings;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The arithmetic of {@code INCRBYFLOAT}: the 80-bit extended numbers of the x87, which the field's
 * servers calculate with, so that sums have the same digits here. A number is held exactly as a
 * decimal and rounded to the 64 bits of its mantissa after each step, half to even; its exponent
 * goes from -16445 to 16383.
 */
final class LongDouble {
  /** Text of this length or more is never a number. */
  static final int LONGEST_TEXT = 5 * 1024;

  private static final int MANTISSA_BITS = 64;
  private static final int MAX_EXPONENT = 16384;
  private static final int MIN_EXPONENT = -16445;
  private static final int DECIMALS = 17;

  /** No number in range has more digits than this before or after the point. */
  private static final int MOST_DIGITS = 5000;

  private LongDouble() {}

  /**
   * Reads a number as C does: decimal, hexadecimal, {@code inf}.
   *
   * @return the number, or null when it is infinite
   * @throws NumberFormatException when it is none, or not in range
   */
  static BigDecimal parse(String text) {
    if (text.isEmpty() || text.length() >= LONGEST_TEXT) {
      throw new NumberFormatException(text);
    }
    String unsigned = text.charAt(0) == '-' || text.charAt(0) == '+' ? text.substring(1) : text;
    String lower = unsigned.toLowerCase(Locale.ROOT);
    if (lower.equals("inf") || lower.equals("infinity")) {
      return null;
    }
    BigDecimal exact;
    if (lower.startsWith("0x")) {
      exact = hexadecimal(lower.substring(2));
    } else {
      for (int i = 0; i < lower.length(); i++) {
        if ("0123456789.e+-".indexOf(lower.charAt(i)) < 0
            || (i == 0 && "+-".indexOf(lower.charAt(i)) >= 0)) {
          throw new NumberFormatException(text);
        }
      }
      exact = new BigDecimal(lower);
    }
    BigDecimal value = inRange(text.charAt(0) == '-' ? exact.negate() : exact);
    if (value == null || (value.signum() == 0 && exact.signum() != 0)) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  /** The sum, or null when it is infinite. */
  static BigDecimal add(BigDecimal a, BigDecimal b) {
    return inRange(a.add(b));
  }

  /** With up to 17 digits after the point, and no zeros at the end. */
  static String format(BigDecimal value) {
    BigDecimal rounded = value.setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static BigDecimal hexadecimal(String digits) {
    int exponentAt = digits.indexOf('p');
    String mantissa = exponentAt < 0 ? digits : digits.substring(0, exponentAt);
    int exponent = exponentAt < 0 ? 0 : Integer.parseInt(digits.substring(exponentAt + 1));
    int point = mantissa.indexOf('.');
    String all =
        point < 0 ? mantissa : mantissa.substring(0, point) + mantissa.substring(point + 1);
    if (all.isEmpty()
        || Math.abs((long) exponent) > 4L * MOST_DIGITS
        || "+-".indexOf(all.charAt(0)) >= 0) {
      throw new NumberFormatException(digits);
    }
    int shift = exponent - (point < 0 ? 0 : 4 * (mantissa.length() - point - 1));
    var value = new BigDecimal(new BigInteger(all, 16));
    return shift >= 0
        ? value.multiply(new BigDecimal(BigInteger.TWO.pow(shift)))
        : value.multiply(powerOfHalf(-shift));
  }

  /** Rounded to a mantissa of 64 bits; zero when too small, null when too large. */
  private static BigDecimal inRange(BigDecimal exact) {
    if (exact.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long magnitude = (long) exact.precision() - exact.scale();
    if (magnitude > MOST_DIGITS) {
      return null;
    }
    if (magnitude < -MOST_DIGITS) {
      return BigDecimal.ZERO;
    }
    BigInteger numerator = exact.unscaledValue().abs();
    BigInteger denominator = BigInteger.ONE;
    if (exact.scale() > 0) {
      denominator = BigInteger.TEN.pow(exact.scale());
    } else {
      numerator = numerator.multiply(BigInteger.TEN.pow(-exact.scale()));
    }
    int shift = MANTISSA_BITS - (numerator.bitLength() - denominator.bitLength());
    BigInteger mantissa = quotient(numerator, denominator, shift);
    if (mantissa.bitLength() > MANTISSA_BITS) {
      shift--;
      mantissa = quotient(numerator, denominator, shift);
    }
    int exponent = mantissa.bitLength() - shift;
    if (exponent > MAX_EXPONENT) {
      return null;
    }
    if (exponent < MIN_EXPONENT) {
      return BigDecimal.ZERO;
    }
    BigDecimal value =
        shift <= 0
            ? new BigDecimal(mantissa.shiftLeft(-shift))
            : new BigDecimal(mantissa).multiply(powerOfHalf(shift));
    return exact.signum() < 0 ? value.negate() : value;
  }

  /** {@code numerator * 2^shift / denominator}, rounded half to even. */
  private static BigInteger quotient(BigInteger numerator, BigInteger denominator, int shift) {
    BigInteger top = shift >= 0 ? numerator.shiftLeft(shift) : numerator;
    BigInteger bottom = shift >= 0 ? denominator : denominator.shiftLeft(-shift);
    BigInteger[] parts = top.divideAndRemainder(bottom);
    int half = parts[1].shiftLeft(1).compareTo(bottom);
    boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
    return up ? parts[0].add(BigInteger.ONE) : parts[0];
  }

  private static BigDecimal powerOfHalf(int n) {
    return new BigDecimal(BigInteger.valueOf(5).pow(n), n);
  }
}
