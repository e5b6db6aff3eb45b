package dev.holdfast.engine.server;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.connection.ConnectionCommands;
import dev.holdfast.engine.command.connection.Password;
import dev.holdfast.engine.command.expiry.ExpiryCommands;
import dev.holdfast.engine.command.generic.GenericCommands;
import dev.holdfast.engine.command.server.DatabaseCommands;
import dev.holdfast.engine.command.strings.StringCommands;
import dev.holdfast.engine.command.transactions.TransactionCommands;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The commands that a log can hold, {@code SELECT} included, and those of their families. */
final class DataCommands {
  private DataCommands() {}

  static void register(
      CommandTable table,
      Executor executor,
      RandomGenerator random,
      Password password,
      Consumer<Client> forget,
      Runnable flushed) {
    StringCommands.register(table);
    GenericCommands.register(table, random);
    ExpiryCommands.register(table);
    TransactionCommands.register(table, executor);
    ConnectionCommands.register(table, password, forget);
    DatabaseCommands.register(table, flushed);
  }
}
