package dev.holdfast.operator.sandbox.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Kubernetes quantity such as {@code 10Gi}, {@code 500m} or {@code 1e3}, as an exact number. */
public record Quantity(BigDecimal value) implements Comparable<Quantity> {
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:([eE][+-]?\\d+)|([numkMGTPE]|[KMGTPE]i)?)");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", new BigDecimal("1e-9")),
          Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")),
          Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")),
          Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")),
          Map.entry("P", new BigDecimal("1e15")),
          Map.entry("E", new BigDecimal("1e18")),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  /** Whether a text is a quantity. */
  public static boolean isQuantity(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * Reads a quantity.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Quantity parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$', found "
              + text);
    }
    String exponent = matcher.group(2) == null ? "" : matcher.group(2);
    BigDecimal number = new BigDecimal(matcher.group(1) + exponent);
    String unit = matcher.group(3);
    return new Quantity(unit == null ? number : number.multiply(UNITS.get(unit)));
  }

  /** Whole units, rounded up; bytes for sizes. */
  public long bytes() {
    return value.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  @Override
  public int compareTo(Quantity other) {
    return value.compareTo(other.value);
  }
}
