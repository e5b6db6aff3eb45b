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
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.persistence.Persistence;

/** {@code BGREWRITEAOF}, {@code BGSAVE}, {@code SAVE}, {@code LASTSAVE}. */
public final class PersistenceCommands {
  private final Persistence persistence;
  private final Executor executor;

  private PersistenceCommands(Persistence persistence, Executor executor) {
    this.persistence = persistence;
    this.executor = executor;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, Persistence persistence, Executor executor) {
    var commands = new PersistenceCommands(persistence, executor);
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

  /**
   * Inside a transaction the snapshot begins after it, so that it holds all of the transaction and
   * the new file none of it.
   */
  private void bgrewriteaof(Call call) {
    if (call.inTransaction()) {
      executor.afterwards(persistence::startRewrite);
      call.reply().status("Background append only file rewriting scheduled");
      return;
    }
    reply(call, persistence.startRewrite());
  }

  private void bgsave(Call call) {
    boolean schedule = call.count() == 2 && call.is(1, "SCHEDULE");
    if (call.count() > 1 && !schedule) {
      throw Fault.syntax();
    }
    if (call.inTransaction()) {
      executor.afterwards(() -> persistence.startSave(true));
      call.reply().status("Background saving scheduled");
      return;
    }
    reply(call, persistence.startSave(schedule));
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
