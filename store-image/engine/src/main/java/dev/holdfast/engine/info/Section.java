package dev.holdfast.engine.info;

/** Writes one section of {@code INFO}: a heading and {@code name:value} lines. */
final class Section {
  private final StringBuilder out;

  Section(StringBuilder out, String title) {
    this.out = out;
    if (!out.isEmpty()) {
      out.append("\r\n");
    }
    out.append("# ").append(title).append("\r\n");
  }

  Section add(String name, Object value) {
    out.append(name).append(':').append(value).append("\r\n");
    return this;
  }

  Section flag(String name, boolean value) {
    return add(name, value ? 1 : 0);
  }

  Section decimals(String name, double value, int digits) {
    return add(name, fixed(value, digits));
  }

  /** The bytes, and a second field for people. */
  Section bytes(String name, long value) {
    return add(name, value).add(name + "_human", human(value));
  }

  static String fixed(double value, int digits) {
    long scale = 1;
    for (int i = 0; i < digits; i++) {
      scale *= 10;
    }
    long scaled = Math.round(Math.abs(value) * scale);
    String fraction = Long.toString(scaled % scale);
    return (value < 0 && scaled != 0 ? "-" : "")
        + scaled / scale
        + (digits == 0 ? "" : "." + "0".repeat(digits - fraction.length()) + fraction);
  }

  static String human(long bytes) {
    if (bytes < 1024) {
      return bytes + "B";
    }
    double value = bytes;
    String units = "KMGTP";
    for (int i = 0; i < units.length(); i++) {
      value /= 1024;
      if (value < 1024 || i == units.length() - 1) {
        return fixed(value, 2) + units.charAt(i);
      }
    }
    throw new AssertionError();
  }
}
