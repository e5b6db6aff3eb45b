package dev.holdfast.engine.config;

import java.util.ArrayList;
import java.util.List;

/** Directives of several words with rules of their own. */
final class ListKinds {
  private static final String EVENT_CLASSES = "Ag$lshzxeKEtmdn";
  private static final String ALL_EVENTS = "g$lshzxetd";

  private ListKinds() {}

  static String bind(List<String> words, String current) throws Refused {
    if (words.size() > 16) {
      throw new Refused("Too many bind addresses specified.");
    }
    return words.size() == 1 && words.getFirst().isEmpty() ? "" : String.join(" ", words);
  }

  static String oomScores(List<String> words, String current) throws Refused {
    if (words.size() != 3) {
      throw new Refused("wrong number of arguments");
    }
    for (String word : words) {
      try {
        int value = Integer.parseInt(word);
        if (value < -2000 || value > 2000) {
          throw new NumberFormatException(word);
        }
      } catch (NumberFormatException e) {
        throw new Refused("Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
      }
    }
    return String.join(" ", words);
  }

  static String percentiles(List<String> words, String current) throws Refused {
    if (words.size() == 1 && words.getFirst().isEmpty()) {
      return "";
    }
    var out = new ArrayList<String>();
    for (String word : words) {
      double value;
      try {
        value = Double.parseDouble(word);
      } catch (NumberFormatException e) {
        throw new Refused("Invalid latency-tracking-info-percentiles parameters");
      }
      if (!(value >= 0 && value <= 100)) {
        throw new Refused("latency-tracking-info-percentiles should be between 0.0 and 100.0");
      }
      out.add(value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value));
    }
    return String.join(" ", out);
  }

  static String events(List<String> words, String current) throws Refused {
    String word = Kinds.one(words);
    for (int i = 0; i < word.length(); i++) {
      if (EVENT_CLASSES.indexOf(word.charAt(i)) < 0) {
        throw new Refused("Invalid event class character. Use '" + EVENT_CLASSES + "'.");
      }
    }
    return canonical(word);
  }

  /**
   * In the order in which stock answers them. Stock does not answer an {@code n} beside an {@code
   * A}, and so forgets it when it rewrites its configuration; this does.
   */
  private static String canonical(String word) {
    boolean all = word.indexOf('A') >= 0 || ALL_EVENTS.chars().allMatch(c -> word.indexOf(c) >= 0);
    var letters = new StringBuilder(all ? "A" : "");
    for (char c : (all ? "nKEm" : "g$lshzxetdnKEm").toCharArray()) {
      if (word.indexOf(c) >= 0) {
        letters.append(c);
      }
    }
    return letters.toString();
  }
}
