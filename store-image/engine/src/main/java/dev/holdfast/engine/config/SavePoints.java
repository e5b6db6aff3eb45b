package dev.holdfast.engine.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The directive {@code save}: pairs of seconds and changes after which a snapshot is due.
 *
 * @param points the pairs in the order given
 */
public record SavePoints(List<Point> points) {
  static final String DEFAULT = "3600 1 300 100 60 10000";

  /**
   * One pair.
   *
   * @param seconds since the last snapshot
   * @param changes since the last snapshot
   */
  public record Point(long seconds, long changes) {}

  /** Reads the stored spelling. */
  public static SavePoints of(String value) {
    var points = new ArrayList<Point>();
    String[] words = value.isEmpty() ? new String[0] : value.split(" ");
    for (int i = 0; i + 1 < words.length; i += 2) {
      points.add(new Point(Long.parseLong(words[i]), Long.parseLong(words[i + 1])));
    }
    return new SavePoints(List.copyOf(points));
  }

  static String normalise(List<String> words, String current) throws Refused {
    if (words.isEmpty() || (words.size() == 1 && words.getFirst().isEmpty())) {
      return "";
    }
    if (words.size() % 2 != 0) {
      throw invalid();
    }
    for (int i = 0; i < words.size(); i++) {
      try {
        if (Integer.parseInt(words.get(i)) < (i % 2 == 0 ? 1 : 0)) {
          throw invalid();
        }
      } catch (NumberFormatException e) {
        throw invalid();
      }
    }
    return String.join(" ", words);
  }

  private static Refused invalid() {
    return new Refused("Invalid save parameters");
  }
}
