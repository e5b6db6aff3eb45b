package dev.holdfast.operator.sandbox.node;

import dev.holdfast.operator.sandbox.Settings.Image;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds the runnable folder that stands for an image. */
final class Images {
  private final Map<String, Image> byPattern;

  Images(Map<String, Image> byPattern) {
    this.byPattern = byPattern;
  }

  /** The folder for an image's name, or null. */
  Image find(String name) {
    for (Map.Entry<String, Image> entry : byPattern.entrySet()) {
      String regex = Pattern.quote(entry.getKey()).replace("*", "\\E.*\\Q");
      if (name.matches(regex)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
