package dev.holdfast.operator.api.v1alpha1;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A number of bytes as the resources write it: {@code 64Mi}, {@code 10G} or plain bytes. It is a
 * string in the schema and never an integer, because an integer would pass a create and then break
 * every later CEL rule. Units as in Kubernetes: {@code Mi} is 2^20 and {@code M} is 10^6 (in
 * redis.conf it is the other way round, so files are rendered in plain bytes).
 */
public final class ByteSize {

  /** Accepted by the schema where zero makes no sense. */
  public static final String PATTERN = "^([1-9][0-9]{0,5}(Ki|Mi|Gi|Ti|k|M|G|T)|[1-9][0-9]{0,14})$";

  /** Accepted by the schema where zero means none. */
  public static final String PATTERN_OR_ZERO =
      "^(0|[1-9][0-9]{0,5}(Ki|Mi|Gi|Ti|k|M|G|T)|[1-9][0-9]{0,14})$";

  /**
   * Checks {@link #PATTERN} as a CEL rule: a refusal by the schema's own {@code pattern} shows the
   * regular expression and not what to write.
   */
  public static final String RULE = "self.matches('" + PATTERN + "')";

  /** Checks {@link #PATTERN_OR_ZERO} as a CEL rule. */
  public static final String RULE_OR_ZERO = "self.matches('" + PATTERN_OR_ZERO + "')";

  /** What somebody reads whose size is refused by one of the rules. */
  public static final String REFUSAL =
      "not a size: write a whole number with a unit, such as 512Mi or 10Gi (1.5Gi is 1536Mi)";

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(Ki|Mi|Gi|Ti|k|M|G|T)?");
  private static final String[] UNITS = {"B", "Ki", "Mi", "Gi", "Ti", "Pi"};

  private ByteSize() {}

  /**
   * Bytes of a size.
   *
   * @throws IllegalArgumentException when it is no size, naming what was found and what to write
   */
  public static long parse(String size) {
    var matcher = SIZE.matcher(size);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + size + "' is no size: write a whole number with Ki, Mi, Gi or Ti, such as 64Mi");
    }
    var unit = matcher.group(2) == null ? "" : matcher.group(2);
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor(unit));
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "Ki" -> 1L << 10;
      case "Mi" -> 1L << 20;
      case "Gi" -> 1L << 30;
      case "Ti" -> 1L << 40;
      case "k" -> 1_000L;
      case "M" -> 1_000_000L;
      case "G" -> 1_000_000_000L;
      case "T" -> 1_000_000_000_000L;
      default -> 1L;
    };
  }

  /**
   * A size for people, three digits and a binary unit: {@code 88B}, {@code 1.50Ki}, {@code 64.0Mi}.
   */
  public static String print(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    if (unit == 0) {
      return bytes + "B";
    }
    var format = value < 10 ? "%.2f%s" : value < 100 ? "%.1f%s" : "%.0f%s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }
}
