package dev.holdfast.tools.check;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The command line of {@code holdfast-check-aof}. As with the stock tool the file comes last and
 * the two ways to change it exclude each other.
 *
 * @param fix cut the damaged tail
 * @param timestamp Unix seconds after which everything is cut; 0 for no such cut, as in the stock
 *     tool
 * @param yes do not ask before cutting
 * @param into data folder that is written instead of cutting in place; with a time stamp only
 * @param salvage data folder for everything that can be read
 * @param json print the report as JSON and nothing else, so with {@code --fix} it needs {@code
 *     --yes}; with {@code --salvage} what it took and left out
 */
record CheckAofArguments(
    String file,
    boolean fix,
    long timestamp,
    Optional<Path> into,
    Optional<Path> salvage,
    boolean yes,
    boolean json) {

  static final String USAGE =
      "Usage: holdfast-check-aof [--fix|--truncate-to-timestamp $timestamp [--into DIR]|--salvage DIR] [--yes]"
          + " [--report json] <file.manifest|file.aof>";

  /** A time stamp that is no number; the stock tool has words of its own for this one. */
  static final class InvalidTimestamp extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** The arguments, or nothing when they make no sense and the usage is the answer. */
  static Optional<CheckAofArguments> parse(String[] args) throws InvalidTimestamp {
    if (args.length == 0) {
      return Optional.empty();
    }
    boolean fix = false;
    boolean yes = false;
    boolean json = false;
    Optional<Long> timestamp = Optional.empty();
    Optional<Path> into = Optional.empty();
    Optional<Path> salvage = Optional.empty();
    int i = 0;
    for (; i < args.length - 1; i++) {
      switch (args[i]) {
        case "--fix" -> fix = true;
        case "--yes" -> yes = true;
        case "--report" -> {
          i++;
          if (!args[i].equals("json") || i == args.length - 1) {
            return Optional.empty();
          }
          json = true;
        }
        case "--truncate-to-timestamp", "--into", "--salvage" -> {
          i++;
          if (i == args.length - 1) {
            return Optional.empty();
          }
          switch (args[i - 1]) {
            case "--into" -> into = Optional.of(Path.of(args[i]));
            case "--salvage" -> salvage = Optional.of(Path.of(args[i]));
            default -> timestamp = Optional.of(number(args[i]));
          }
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    boolean asksInJson = json && (timestamp.isPresent() || (fix && !yes));
    boolean both = fix && timestamp.isPresent();
    boolean alone = salvage.isPresent() && (fix || timestamp.isPresent());
    if (both || alone || asksInJson || (into.isPresent() && timestamp.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new CheckAofArguments(args[i], fix, timestamp.orElse(0L), into, salvage, yes, json));
  }

  private static long number(String text) throws InvalidTimestamp {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new InvalidTimestamp();
    }
  }
}
