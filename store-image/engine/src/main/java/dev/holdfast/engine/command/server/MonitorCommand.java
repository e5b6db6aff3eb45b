package dev.holdfast.engine.command.server;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;

/** {@code MONITOR}: a line for each command that is executed. */
public final class MonitorCommand {
  private MonitorCommand() {}

  /** Adds it to the table. */
  public static void register(CommandTable table) {
    table.add(
        command("monitor", 1, SERVER, "1.0.0", ADMIN, NOSCRIPT, LOADING, STALE)
            .doc("", "Shows every command that is executed.")
            .runs(MonitorCommand::monitor));
  }

  /** Who does so already gets no reply. */
  private static void monitor(Call call) {
    if (call.inTransaction()) {
      throw new Fault("ERR MONITOR isn't allowed for DENY BLOCKING client");
    }
    if (!call.client().isMonitor()) {
      call.client().monitor(true);
      call.reply().ok();
    }
  }
}
