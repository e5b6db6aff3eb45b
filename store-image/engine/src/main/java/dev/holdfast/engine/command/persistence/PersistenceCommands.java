package dev.holdfast.engine.command.persistence;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.NO_ASYNC_LOADING;
import static dev.holdfast.engine.command.Flag.NO_MULTI;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.persistence.Persistence;

/** {@code BGREWRITEAOF}, {@code BGSAVE}, {@code SAVE}, {@code LASTSAVE}. */
public final class PersistenceCommands {
  private final Persistence persistence;

  private PersistenceCommands(Persistence persistence) {
    this.persistence = persistence;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, Persistence persistence) {
    var commands = new PersistenceCommands(persistence);
    table.add(
        command("bgrewriteaof", 1, SERVER, "1.0.0", ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
            .doc("", "Rewrites the append-only file from what is in memory.")
            .runs(commands::bgrewriteaof));
    table.add(
        command("bgsave", -1, SERVER, "1.0.0", ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
            .doc("[SCHEDULE]", "Writes a snapshot while commands go on.")
            .runs(commands::bgsave));
    table.add(
        command("save", 1, SERVER, "1.0.0", ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
            .complexity("O(N) where N is the total number of keys in all databases")
            .doc("", "Writes a snapshot while everybody waits.")
            .runs(commands::save));
    table.add(
        command("lastsave", 1, SERVER, "1.0.0", LOADING, STALE, FAST)
            .category("admin", "dangerous")
            .tips("nondeterministic_output")
            .doc("", "Answers when the last snapshot was written, in Unix seconds.")
            .runs(call -> call.reply().integer(persistence.lastSave())));
  }

  private void bgrewriteaof(Call call) {
    reply(call, call.inTransaction() ? persistence.scheduleRewrite() : persistence.startRewrite());
  }

  private void bgsave(Call call) {
    boolean schedule = call.count() == 2 && call.is(1, "SCHEDULE");
    if (call.count() > 1 && !schedule) {
      throw Fault.syntax();
    }
    reply(
        call, call.inTransaction() ? persistence.scheduleSave() : persistence.startSave(schedule));
  }

  private void save(Call call) {
    String error = persistence.save();
    if (error == null) {
      call.reply().ok();
    } else {
      throw new Fault(error);
    }
  }

  private static void reply(Call call, String line) {
    if (line.startsWith("ERR ")) {
      throw new Fault(line);
    }
    call.reply().status(line);
  }
}
