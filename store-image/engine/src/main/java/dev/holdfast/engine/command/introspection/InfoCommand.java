package dev.holdfast.engine.command.introspection;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * {@code INFO}. Its reply waits for nothing, the counts of keys included: who asks wants to know
 * how the server is while a sync hangs.
 */
public final class InfoCommand {
  private InfoCommand() {}

  /**
   * Adds it to the table.
   *
   * @param text the answer for sections in lower case; none for the usual ones
   */
  public static void register(CommandTable table, Function<List<String>, String> text) {
    table.add(
        command("info", -1, SERVER, "1.0.0", LOADING, STALE)
            .category("dangerous")
            .tips("nondeterministic_output", "request_policy:all_shards", "response_policy:special")
            .doc("[section [section ...]]", "Answers facts and counters of the server.")
            .runs(call -> info(call, text)));
  }

  private static void info(Call call, Function<List<String>, String> text) {
    var sections = new ArrayList<String>();
    for (int i = 1; i < call.count(); i++) {
      sections.add(call.string(i).toLowerCase(Locale.ROOT));
    }
    call.reply().verbatim("txt", text.apply(sections));
  }
}
