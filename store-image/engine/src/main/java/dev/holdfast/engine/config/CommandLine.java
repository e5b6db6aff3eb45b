package dev.holdfast.engine.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The arguments of {@code holdfast-server}: a configuration file, {@code -} first or last for the
 * standard input, then directives that win over both. They are read as Redis 7.0 reads them: an
 * argument {@code --name} begins a directive and takes the next argument whatever it is, so that a
 * value may begin with dashes; {@code "--name value"} may be one argument; {@code --save} without a
 * value is {@code save ""}.
 *
 * @param file the configuration file, or null
 * @param standardInput whether a configuration comes from the standard input, after the file
 * @param options the directives in the order given
 */
public record CommandLine(String file, boolean standardInput, List<Option> options) {

  /** One directive and its words. */
  public record Option(String name, List<String> values) {}

  /** Reads the arguments. */
  public static CommandLine parse(List<String> arguments) {
    String file = null;
    boolean standardInput = false;
    var options = new ArrayList<Option>();
    boolean complete = true;
    int last = arguments.size() - 1;
    for (int i = 0; i <= last; i++) {
      String argument = arguments.get(i);
      if (i == 0 && !argument.startsWith("-")) {
        file = argument;
      } else if (argument.equals("-") && (i == 0 || i == last)) {
        standardInput = true;
      } else if (complete && argument.startsWith("--")) {
        Option option = begin(argument.substring(2));
        boolean nothingFollows = i == last || arguments.get(i + 1).startsWith("--");
        if (nothingFollows && isSaveAlone(option)) {
          option.values().add("");
        }
        options.add(option);
        complete = !option.values().isEmpty();
      } else {
        if (options.isEmpty()) {
          options.add(new Option(argument, new ArrayList<>()));
        } else {
          options.getLast().values().add(argument);
        }
        complete = true;
      }
    }
    return new CommandLine(file, standardInput, List.copyOf(options));
  }

  private static Option begin(String text) {
    List<String> words = Words.split(text);
    if (words == null || words.isEmpty()) {
      return new Option(text, new ArrayList<>());
    }
    return new Option(words.getFirst(), new ArrayList<>(words.subList(1, words.size())));
  }

  private static boolean isSaveAlone(Option option) {
    return option.values().isEmpty() && option.name().toLowerCase(Locale.ROOT).equals("save");
  }

  /**
   * Brings the options into a configuration.
   *
   * @param to what has read the file, so that errors look alike and lines count on from there
   */
  public void apply(ConfigFile to) throws ConfigException {
    int line = to.lines() + 1;
    for (Option option : options) {
      to.loadOption(line++, option.name(), option.values());
    }
  }
}
