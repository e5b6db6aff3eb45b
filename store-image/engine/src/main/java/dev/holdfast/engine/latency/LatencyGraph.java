package dev.holdfast.engine.latency;

import java.util.ArrayList;
import java.util.List;

/**
 * Spikes of one kind as a picture of characters, in the shape of {@code LATENCY GRAPH}: a column
 * per spike, the tallest being the longest; below it, from top to bottom, how long ago it was.
 */
public final class LatencyGraph {
  private static final int COLUMNS = 80;
  private static final int ROWS = 4;

  /** How far the last row of a column is filled. */
  private static final String FILLINGS = "_o#";

  private static final int STEPS = ROWS * FILLINGS.length();

  private LatencyGraph() {}

  /**
   * Draws.
   *
   * @param samples oldest first; at least one
   * @param longestMillis since the last reset
   * @param now Unix seconds
   */
  public static String of(
      String event, List<LatencyMonitor.Sample> samples, long longestMillis, long now) {
    long high = samples.stream().mapToLong(LatencyMonitor.Sample::millis).max().orElseThrow();
    long low = samples.stream().mapToLong(LatencyMonitor.Sample::millis).min().orElseThrow();
    var text = new StringBuilder();
    text.append(
        "%s - high %d ms, low %d ms (all time high %d ms)\n"
            .formatted(event, high, low, longestMillis));
    text.append("-".repeat(COLUMNS)).append('\n');
    for (int from = 0; from < samples.size(); from += COLUMNS) {
      var shown = samples.subList(from, Math.min(samples.size(), from + COLUMNS));
      columns(text, shown, low, Math.max(1, high - low));
      ages(text, shown, now);
    }
    return text.toString();
  }

  private static void columns(
      StringBuilder text, List<LatencyMonitor.Sample> samples, long low, long range) {
    for (int row = ROWS - 1; row >= 0; row--) {
      for (var sample : samples) {
        long step = Math.min(STEPS - 1, (sample.millis() - low) * STEPS / range);
        long here = step - (long) row * FILLINGS.length();
        text.append(here < 0 ? ' ' : here < FILLINGS.length() ? FILLINGS.charAt((int) here) : '|');
      }
      text.append('\n');
    }
  }

  private static void ages(StringBuilder text, List<LatencyMonitor.Sample> samples, long now) {
    text.append(" ".repeat(samples.size())).append('\n');
    var ages = new ArrayList<String>();
    samples.forEach(sample -> ages.add(age(now - sample.unixSeconds())));
    int longest = ages.stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (var age : ages) {
        text.append(i < age.length() ? age.charAt(i) : ' ');
      }
      text.append('\n');
    }
  }

  private static String age(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }
}
