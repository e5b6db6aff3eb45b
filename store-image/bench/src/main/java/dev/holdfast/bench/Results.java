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
      var met = line.met().map(yes -> yes ? " met" : " MISSED").orElse("");
      text.append("| %s | %s | %s%s |".formatted(line.name(), line.unit(), line.target(), met));
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

  /** The run and its lines. */
  static String json(Run run, List<Measurement> lines) {
    return lines.stream()
        .map(Results::json)
        .collect(Collectors.joining(",\n  ", "{" + run.json() + ",\n \"lines\": [\n  ", "\n ]}\n"));
  }

  private static String json(Measurement line) {
    var first = line.results().keySet().iterator().next();
    var results =
        line.results().entrySet().stream()
            .map(e -> "\"%s\": {%s}".formatted(e.getKey(), json(line, first, e.getKey())))
            .collect(Collectors.joining(", "));
    return "{\"name\": \"%s\", \"unit\": \"%s\", \"moreIsBetter\": %b, \"target\": \"%s\", \"met\": %s, \"results\": {%s}}"
        .formatted(
            line.name(),
            line.unit(),
            line.moreIsBetter(),
            line.target(),
            line.met().map(String::valueOf).orElse("null"),
            results);
  }

  private static String json(Measurement line, String first, String contender) {
    var sample = line.results().get(contender);
    var ratio =
        contender.equals(first)
            ? ""
            : String.format(Locale.ROOT, ", \"ratio\": %f", line.ratioTo(contender));
    return String.format(
        Locale.ROOT,
        "\"median\": %f, \"min\": %f, \"max\": %f, \"rounds\": %s%s",
        sample.median(),
        sample.min(),
        sample.max(),
        sample.rounds(),
        ratio);
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
