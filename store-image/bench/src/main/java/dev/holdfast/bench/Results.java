package dev.holdfast.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table for people and the JSON for machines. */
final class Results {
  private Results() {}

  static String table(List<Contender> contenders, List<Measurement> lines) {
    var text = new StringBuilder("| measurement | unit | target |");
    contenders.forEach(c -> text.append(' ').append(c.name()).append(" (spread) |"));
    contenders.stream().skip(1).forEach(c -> text.append(" vs ").append(c.name()).append(" |"));
    text.append("\n|---|---|---|").append("---|".repeat(2 * contenders.size() - 1)).append('\n');
    for (var line : lines) {
      text.append("| %s | %s | %s |".formatted(line.name(), line.unit(), line.target()));
      for (var c : contenders) {
        var sample = line.results().get(c.name());
        text.append(sample == null ? " |" : " " + figure(sample) + " |");
      }
      for (var c : contenders.subList(1, contenders.size())) {
        text.append(line.results().containsKey(c.name()) ? ratio(line, c.name()) : "").append(" |");
      }
      text.append('\n');
    }
    return text.append("\nA ratio above 1 means that holdfast is better.\n").toString();
  }

  /** One measurement in a line for people. */
  static String line(Measurement line) {
    return line.results().entrySet().stream()
        .map(e -> e.getKey() + " " + figure(e.getValue()))
        .collect(Collectors.joining("; ", line.name() + " [" + line.unit() + "]: ", ""));
  }

  static String json(List<Measurement> lines) {
    return lines.stream().map(Results::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
  }

  private static String json(Measurement line) {
    var results =
        line.results().entrySet().stream()
            .map(
                e ->
                    String.format(
                        Locale.ROOT,
                        "\"%s\": {\"median\": %f, \"min\": %f, \"max\": %f, \"rounds\": %s}",
                        e.getKey(),
                        e.getValue().median(),
                        e.getValue().min(),
                        e.getValue().max(),
                        e.getValue().rounds()))
            .collect(Collectors.joining(", "));
    return "{\"name\": \"%s\", \"unit\": \"%s\", \"moreIsBetter\": %b, \"target\": \"%s\", \"results\": {%s}}"
        .formatted(line.name(), line.unit(), line.moreIsBetter(), line.target(), results);
  }

  private static String ratio(Measurement line, String other) {
    return String.format(Locale.ROOT, " %.2fx", line.ratioTo(other));
  }

  private static String figure(Sample sample) {
    return String.format(
        Locale.ROOT, "%s (±%.0f%%)", figure(sample.median()), sample.spread() * 100);
  }

  private static String figure(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
