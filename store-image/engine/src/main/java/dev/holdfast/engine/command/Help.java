package dev.holdfast.engine.command;

import java.util.Locale;

/** The replies of the {@code HELP} subcommands. */
public final class Help {
  private Help() {}

  /** Answers the lines between the usual first and last ones. */
  public static void reply(Call call, String... lines) {
    String name = call.command().name();
    int bar = name.indexOf('|');
    String container = (bar < 0 ? name : name.substring(0, bar)).toUpperCase(Locale.ROOT);
    call.reply().array(lines.length + 3);
    call.reply().status(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (String line : lines) {
      call.reply().status(line);
    }
    call.reply().status("HELP");
    call.reply().status("    Prints this help.");
  }
}
