package dev.holdfast.engine.command;

import java.util.Locale;

/**
 * A call that cannot be answered as asked: thrown by argument parsing and lookups before anything
 * was changed or replied, turned into an error reply by the {@link Executor}. Carries no stack
 * trace, because it is about the client and not about the code.
 */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reply code and text as the client gets it, such as {@code ERR syntax error}
   */
  public Fault(String reply) {
    super(reply, null, false, false);
  }

  public static Fault syntax() {
    return new Fault("ERR syntax error");
  }

  public static Fault notAnInteger() {
    return new Fault("ERR value is not an integer or out of range");
  }

  /** A subcommand with a word too many. */
  public static Fault subcommand(Call call) {
    String name = call.command().name();
    int bar = name.indexOf('|');
    String container = (bar < 0 ? name : name.substring(0, bar)).toUpperCase(Locale.ROOT);
    return new Fault(
        "ERR unknown subcommand or wrong number of arguments for '"
            + call.quoted(1)
            + "'. Try "
            + container
            + " HELP.");
  }

  public static Fault wrongType() {
    return new Fault("WRONGTYPE Operation against a key holding the wrong kind of value");
  }

  public static Fault noSuchKey() {
    return new Fault("ERR no such key");
  }

  public static Fault invalidExpiry(String command) {
    return new Fault("ERR invalid expire time in '" + command + "' command");
  }

  public static Fault tooLong() {
    return new Fault("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  }
}
