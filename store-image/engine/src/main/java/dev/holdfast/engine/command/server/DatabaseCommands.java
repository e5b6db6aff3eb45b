package dev.holdfast.engine.command.server;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.READONLY;
import static dev.holdfast.engine.command.Flag.WRITE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;

/** Commands on whole databases. */
public final class DatabaseCommands {
  private final Runnable flushed;

  private DatabaseCommands(Runnable flushed) {
    this.flushed = flushed;
  }

  /**
   * Adds them to the table.
   *
   * @param flushed runs after each {@code FLUSHALL}
   */
  public static void register(CommandTable table, Runnable flushed) {
    var commands = new DatabaseCommands(flushed);
    table.add(
        command("dbsize", 1, SERVER, "1.0.0", READONLY, FAST)
            .category("keyspace")
            .tips("request_policy:all_shards", "response_policy:agg_sum")
            .doc("", "Counts the keys of the database.")
            .runs(DatabaseCommands::dbsize));
    table.add(
        command("flushdb", -1, SERVER, "1.0.0", WRITE)
            .category("keyspace", "dangerous")
            .complexity("O(N) where N is the number of keys in the selected database")
            .tips("request_policy:all_shards", "response_policy:all_succeeded")
            .doc("[ASYNC|SYNC]", "Removes all keys of the database.")
            .runs(DatabaseCommands::flushdb));
    table.add(
        command("flushall", -1, SERVER, "1.0.0", WRITE)
            .category("keyspace", "dangerous")
            .complexity("O(N) where N is the total number of keys in all databases")
            .tips("request_policy:all_shards", "response_policy:all_succeeded")
            .doc("[ASYNC|SYNC]", "Removes all keys of all databases.")
            .runs(commands::flushall));
    table.add(
        command("swapdb", 3, SERVER, "4.0.0", WRITE, FAST)
            .category("keyspace", "dangerous")
            .complexity(
                "O(N) where N is the count of clients watching or blocking on keys from both"
                    + " databases.")
            .doc("index1 index2", "Exchanges two databases.")
            .runs(DatabaseCommands::swapdb));
  }

  private static void dbsize(Call call) {
    call.dependsOnDatabase(call.database().id());
    call.reply().integer(call.database().size());
  }

  private static void flushdb(Call call) {
    checkMode(call);
    clear(call, call.database().id());
    call.flushed();
    call.reply().ok();
  }

  private void flushall(Call call) {
    checkMode(call);
    for (int db = 0; db < call.keys().keyspace().databases(); db++) {
      clear(call, db);
    }
    call.flushed();
    flushed.run();
    call.reply().ok();
  }

  private static void checkMode(Call call) {
    if (call.count() > 2 || (call.count() == 2 && !call.is(1, "SYNC") && !call.is(1, "ASYNC"))) {
      throw Fault.syntax();
    }
  }

  /** An empty database counts as changed too: the command is always logged. */
  private static void clear(Call call, int db) {
    if (call.keys().watches().any()) {
      call.keys().watches().clearing(db);
    }
    call.changedDatabase(db, Math.max(1, call.database(db).size()));
    call.database(db).clear();
  }

  private static void swapdb(Call call) {
    int a = index(call, 1, "ERR invalid first DB index");
    int b = index(call, 2, "ERR invalid second DB index");
    int databases = call.keys().keyspace().databases();
    if (a < 0 || a >= databases || b < 0 || b >= databases) {
      throw new Fault("ERR DB index is out of range");
    }
    if (a != b) {
      if (call.keys().watches().any()) {
        call.keys().watches().swapping(a, b);
      }
      call.keys().keyspace().swap(a, b);
    }
    call.changedDatabase(a, 1);
    call.changedDatabase(b, 0);
    call.reply().ok();
  }

  private static int index(Call call, int arg, String refusal) {
    return call.smallInteger(arg, refusal);
  }
}
