package dev.holdfast.engine.config;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Reads a {@code redis.conf} into a {@link Config}: comments, quotes, {@code include}, and errors
 * that name the line.
 */
public final class ConfigFile {
  private static final Set<String> NOT_OFFERED =
      Set.of("rename-command", "user", "loadmodule", "sentinel");

  private static final int DEEPEST_INCLUDE = 16;

  private final Config config;
  private final ConfigFiles files;
  private int depth;
  private int lines;

  public ConfigFile(Config config, ConfigFiles files) {
    this.config = config;
    this.files = files;
  }

  /** Reads a file. */
  public void load(String path) throws ConfigException {
    String text;
    try {
      text = files.read(path);
    } catch (IOException e) {
      throw new ConfigException(
          "Fatal error, can't open config file '" + path + "': " + e.getMessage());
    }
    if (++depth > DEEPEST_INCLUDE) {
      throw new ConfigException(
          "Fatal error, config file '"
              + path
              + "' is included by itself or too deep: more than "
              + DEEPEST_INCLUDE
              + " levels");
    }
    loadText(text);
    depth--;
  }

  /** Reads the text of a file. */
  public void loadText(String text) throws ConfigException {
    int number = depth == 0 ? Math.max(lines - 1, 0) : 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> words = Words.split(line);
      if (words == null) {
        throw fatal(number, line, "Unbalanced quotes in configuration line");
      }
      if (!words.isEmpty()) {
        take(number, line, words);
      }
    }
    if (depth <= 1) {
      lines = number;
    }
  }

  /** The lines of what was read so far, without those of included files; 1 when nothing was. */
  int lines() {
    return Math.max(lines, 1);
  }

  /**
   * Takes one directive of the command line.
   *
   * @param number what to call its line in an error
   */
  public void loadOption(int number, String name, List<String> values) throws ConfigException {
    var line = new StringBuilder(name);
    values.forEach(value -> line.append(' ').append(Words.quote(value)));
    var words = new java.util.ArrayList<String>();
    words.add(name);
    words.addAll(values);
    take(number, line.toString(), words);
  }

  private void take(int number, String line, List<String> words) throws ConfigException {
    String name = words.getFirst().toLowerCase(java.util.Locale.ROOT);
    List<String> values = words.subList(1, words.size());
    if (name.equals("include") && values.size() == 1) {
      include(values.getFirst());
      return;
    }
    if (NOT_OFFERED.contains(name)) {
      throw fatal(
          number, line, "'" + name + "' is not supported by this server; remove the directive");
    }
    try {
      config.load(name, values);
    } catch (Refused e) {
      throw fatal(number, line, e.getMessage());
    }
  }

  private void include(String pattern) throws ConfigException {
    try {
      for (String path : files.expand(pattern)) {
        load(path);
      }
    } catch (IOException e) {
      throw new ConfigException(
          "Fatal error, can't open config file '" + pattern + "': " + e.getMessage());
    }
  }

  private static ConfigException fatal(int number, String line, String why) {
    return new ConfigException(
        "\n*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nReading the configuration file, at line "
            + number
            + "\n>>> '"
            + line
            + "'\n"
            + why);
  }
}
