package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.Settings.Image;
import dev.holdfast.operator.sandbox.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to run for a container.
 *
 * <p>A process here has no file system of its own, so whatever names a path of the container (an
 * argument or variable that is a mount's path, or begins with it) gets the path on this machine.
 */
final class CommandLine {
  private CommandLine() {}

  static List<String> of(
      JsonNode container, Image image, Map<String, String> variables, Map<String, Path> paths) {
    List<String> words = new ArrayList<>();
    List<String> command = Json.texts(container.path("command"));
    if (command.isEmpty()) {
      words.add(image.folder().resolve("bin").resolve(image.entryPoint()).toString());
    } else {
      words.add(program(Variables.expand(command.getFirst(), variables), image));
      for (String word : command.subList(1, command.size())) {
        words.add(rewrite(Variables.expand(word, variables), paths));
      }
    }
    for (String word : Json.texts(container.path("args"))) {
      words.add(rewrite(Variables.expand(word, variables), paths));
    }
    return words;
  }

  static Map<String, String> rewrite(Map<String, String> variables, Map<String, Path> paths) {
    Map<String, String> rewritten = new LinkedHashMap<>();
    variables.forEach((name, value) -> rewritten.put(name, rewrite(value, paths)));
    return rewritten;
  }

  /**
   * A program of the image by its name, whatever folder the image has it in; else of this machine.
   */
  static String program(String word, Image image) {
    Path own = image.folder().resolve("bin").resolve(Path.of(word).getFileName());
    return Files.isExecutable(own) ? own.toString() : word;
  }

  private static String rewrite(String text, Map<String, Path> paths) {
    for (Map.Entry<String, Path> entry : paths.entrySet()) {
      String path = entry.getKey();
      if (text.equals(path) || text.startsWith(path + "/")) {
        return entry.getValue() + text.substring(path.length());
      }
    }
    return text;
  }
}
