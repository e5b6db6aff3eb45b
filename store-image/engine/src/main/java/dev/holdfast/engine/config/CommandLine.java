package dev.holdfast.engine.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of {@code holdfast-server}: a configuration file (or {@code -} for the standard
 * input), then directives as {@code --name value…} that win over the file.
 *
 * @param file the configuration file, {@code -}, or null
 * @param options the directives in the order given
 */
public record CommandLine(String file, List<Option> options) {

  /** One directive and its words. */
  public record Option(String name, List<String> values) {}

  /** Reads the arguments. */
  public static CommandLine parse(List<String> arguments) {
    String file = null;
    var options = new ArrayList<Option>();
    List<String> values = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("-")) {
        file = argument;
      } else if (i == 0 && !argument.startsWith("--")) {
        file = argument;
      } else if (argument.startsWith("--")
          && (values == null || !values.isEmpty() || !takesDashes(options))) {
        values = new ArrayList<>();
        options.add(new Option(argument.substring(2), values));
      } else if (values != null) {
        values.add(argument);
      } else {
        values = new ArrayList<>();
        options.add(new Option(argument, values));
      }
    }
    return new CommandLine(file, List.copyOf(options));
  }

  /** A password may begin with dashes; no other value does. */
  private static boolean takesDashes(List<Option> options) {
    return options.getLast().name().equals("requirepass");
  }

  /**
   * Brings the options into a configuration.
   *
   * @param to what reads the file as well, so that errors look alike
   */
  public void apply(ConfigFile to) throws ConfigException {
    int line = 2;
    for (Option option : options) {
      to.loadOption(line++, option.name(), option.values());
    }
  }
}
