package dev.holdfast.engine.command.transactions;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ALLOW_BUSY;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.SKIP_SLOWLOG;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.TRANSACTIONS;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.Fault;

/**
 * {@code MULTI}, {@code EXEC}, {@code DISCARD}, {@code WATCH}, {@code UNWATCH}. Queueing itself is
 * the executor's.
 */
public final class TransactionCommands {
  private final Executor executor;

  private TransactionCommands(Executor executor) {
    this.executor = executor;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, Executor executor) {
    var commands = new TransactionCommands(executor);
    table.add(
        command("multi", 1, TRANSACTIONS, "1.2.0", NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
            .doc("", "Begins a transaction: what follows is queued.")
            .runs(TransactionCommands::multi));
    table.add(
        command("exec", 1, TRANSACTIONS, "1.2.0", NOSCRIPT, LOADING, STALE, SKIP_SLOWLOG)
            .complexity("Depends on commands in the transaction")
            .doc("", "Executes what was queued.")
            .runs(commands::exec));
    table.add(
        command("discard", 1, TRANSACTIONS, "2.0.0", NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
            .complexity("O(N), when N is the number of queued commands")
            .doc("", "Drops what was queued.")
            .runs(TransactionCommands::discard));
    table.add(
        command("watch", -2, TRANSACTIONS, "2.2.0", NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
            .keys(1, -1, 1, "RO")
            .complexity("O(1) for every key.")
            .doc("key [key ...]", "Makes the next transaction depend on keys staying as they are.")
            .runs(TransactionCommands::watch));
    table.add(
        command("unwatch", 1, TRANSACTIONS, "2.2.0", NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
            .doc("", "Forgets the watched keys.")
            .runs(TransactionCommands::unwatch));
  }

  private static void multi(Call call) {
    if (call.client().transaction().isOpen()) {
      throw new Fault("ERR MULTI calls can not be nested");
    }
    call.client().transaction().open();
    call.reply().ok();
  }

  private static void discard(Call call) {
    if (!call.client().transaction().isOpen()) {
      throw new Fault("ERR DISCARD without MULTI");
    }
    end(call);
    call.reply().ok();
  }

  /** Ends the client's transaction and its watches. */
  static void end(Call call) {
    call.client().transaction().close();
    call.keys().watches().unwatch(call.client());
  }

  private void exec(Call call) {
    var transaction = call.client().transaction();
    if (!transaction.isOpen()) {
      throw new Fault("ERR EXEC without MULTI");
    }
    if (call.keys().watches().anyExpired(call.client(), call.now())) {
      transaction.watchedChanged(true);
    }
    if (transaction.isAborted()) {
      end(call);
      throw new Fault("EXECABORT Transaction discarded because of previous errors.");
    }
    if (transaction.watchedChanged()) {
      call.dependsOnWatched();
      end(call);
      call.reply().nilArray();
      return;
    }
    var client = call.client();
    call.keys().watches().unwatch(client);
    executor.runQueued(client, call.now());
    transaction.close();
  }

  private static void watch(Call call) {
    if (call.client().transaction().isOpen()) {
      throw new Fault("ERR WATCH inside MULTI is not allowed");
    }
    if (!call.client().transaction().watchedChanged()) {
      for (int i = 1; i < call.count(); i++) {
        call.dependsOn(i);
        call.keys().watches().watch(call.client(), call.client().db, call.bytes(i), call.now());
      }
    }
    call.reply().ok();
  }

  private static void unwatch(Call call) {
    call.keys().watches().unwatch(call.client());
    call.reply().ok();
  }
}
