package dev.holdfast.engine.command;

import dev.holdfast.engine.protocol.Args;

/**
 * Which words of a command are passwords, so that neither {@code MONITOR} nor the slow log shows
 * them.
 */
final class Secrets {
  private Secrets() {}

  /** Whether an argument may be a password, or the name that goes with it. */
  static boolean hides(Command command, Args args, int i) {
    return switch (command.name()) {
      case "auth" -> i > 0;
      case "hello" -> i > 1 && (args.is(i - 1, "AUTH") || args.is(i - 2, "AUTH"));
      case "config|set" -> i > 2 && (args.is(i - 1, "REQUIREPASS") || args.is(i - 1, "MASTERAUTH"));
      default -> false;
    };
  }
}
