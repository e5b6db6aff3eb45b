package dev.holdfast.engine.config;

import java.util.List;
import java.util.Locale;

/**
 * The directive {@code client-output-buffer-limit}: four words per class, of which any number of
 * classes may be given.
 */
final class BufferLimits {
  static final String DEFAULT =
      "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60";

  private static final List<String> CLASSES = List.of("normal", "slave", "pubsub");

  private BufferLimits() {}

  static String normalise(List<String> words, String current) throws Refused {
    if (words.isEmpty() || words.size() % 4 != 0) {
      throw new Refused("Wrong number of arguments in buffer limit configuration.");
    }
    String[] all = current.split(" ");
    for (int i = 0; i < words.size(); i += 4) {
      String name = words.get(i).toLowerCase(Locale.ROOT);
      int index = CLASSES.indexOf(name.equals("replica") ? "slave" : name);
      if (index < 0) {
        throw new Refused("Invalid client class specified in buffer limit configuration.");
      }
      all[index * 4 + 1] = bytes(words.get(i + 1));
      all[index * 4 + 2] = bytes(words.get(i + 2));
      all[index * 4 + 3] = seconds(words.get(i + 3));
    }
    return String.join(" ", all);
  }

  private static String bytes(String word) throws Refused {
    try {
      return Long.toUnsignedString(MemoryUnits.parse(word));
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static String seconds(String word) throws Refused {
    try {
      int seconds = Integer.parseInt(word);
      if (seconds < 0) {
        throw invalid();
      }
      return Integer.toString(seconds);
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }

  private static Refused invalid() {
    return new Refused(
        "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
  }
}
