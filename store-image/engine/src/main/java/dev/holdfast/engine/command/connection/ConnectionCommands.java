package dev.holdfast.engine.command.connection;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ALLOW_BUSY;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.NO_AUTH;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Flag.WHILE_SUBSCRIBED;
import static dev.holdfast.engine.command.Group.CONNECTION;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.ClientClass;
import dev.holdfast.engine.client.ReplyMode;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import java.util.function.Consumer;

/** Commands about the connection itself, except {@code CLIENT}. */
public final class ConnectionCommands {
  private final Password password;

  private final Consumer<Client> forget;

  private ConnectionCommands(Password password, Consumer<Client> forget) {
    this.password = password;
    this.forget = forget;
  }

  /**
   * Adds them to the table.
   *
   * @param forget ends what others remember of a client that is reset
   */
  public static void register(CommandTable table, Password password, Consumer<Client> forget) {
    var commands = new ConnectionCommands(password, forget);
    var hello = new Hello(password);
    table.add(
        command("ping", -1, CONNECTION, "1.0.0", FAST, WHILE_SUBSCRIBED)
            .tips("request_policy:all_shards", "response_policy:all_succeeded")
            .doc("[message]", "Answers PONG, or the message.")
            .runs(ConnectionCommands::ping));
    table.add(
        command("echo", 2, CONNECTION, "1.0.0", LOADING, STALE, FAST)
            .doc("message", "Answers the message.")
            .runs(call -> call.reply().bulk(call.address(1), call.length(1))));
    table.add(
        command(
                "quit",
                -1,
                CONNECTION,
                "1.0.0",
                NOSCRIPT,
                LOADING,
                STALE,
                FAST,
                NO_AUTH,
                ALLOW_BUSY,
                WHILE_SUBSCRIBED)
            .doc("", "Closes the connection.")
            .runs(ConnectionCommands::quit));
    table.add(
        command(
                "reset",
                1,
                CONNECTION,
                "6.2.0",
                NOSCRIPT,
                LOADING,
                STALE,
                FAST,
                NO_AUTH,
                ALLOW_BUSY,
                WHILE_SUBSCRIBED)
            .doc("", "Brings the connection back to its first state.")
            .runs(commands::reset));
    table.add(
        command("select", 2, CONNECTION, "1.0.0", LOADING, STALE, FAST)
            .doc("index", "Chooses the database.")
            .runs(ConnectionCommands::select));
    table.add(
        command(
                "auth",
                -2,
                CONNECTION,
                "1.0.0",
                NOSCRIPT,
                LOADING,
                STALE,
                FAST,
                NO_AUTH,
                ALLOW_BUSY)
            .complexity("O(N) where N is the number of passwords defined for the user")
            .doc("[username] password", "Authenticates the connection.")
            .runs(commands::auth));
    table.add(
        command(
                "hello",
                -1,
                CONNECTION,
                "6.0.0",
                NOSCRIPT,
                LOADING,
                STALE,
                FAST,
                NO_AUTH,
                ALLOW_BUSY)
            .doc(
                "[protover [AUTH username password] [SETNAME clientname]]",
                "Chooses the version of the protocol, and can authenticate and name the connection.")
            .runs(hello::hello));
  }

  private static void ping(Call call) {
    if (call.count() > 2) {
      throw new Fault("ERR wrong number of arguments for 'ping' command");
    }
    boolean asMessage = call.client().type == ClientClass.PUBSUB && call.reply().protocol() == 2;
    if (asMessage) {
      call.reply().array(2);
      call.reply().bulk("pong");
    }
    if (call.count() == 2) {
      call.reply().bulk(call.address(1), call.length(1));
    } else if (asMessage) {
      call.reply().bulk("");
    } else {
      call.reply().status("PONG");
    }
  }

  private static void quit(Call call) {
    call.reply().ok();
    call.client().closeAfterReplies();
  }

  private static void select(Call call) {
    int db = call.smallInteger(1, null);
    if (db < 0 || db >= call.keys().keyspace().databases()) {
      throw new Fault("ERR DB index is out of range");
    }
    call.client().db = db;
    call.reply().ok();
  }

  private void reset(Call call) {
    var client = call.client();
    if (client.transaction().isOpen()) {
      client.transaction().close();
    }
    forget.accept(client);
    client.db = 0;
    client.name = "";
    client.noEvict = false;
    client.noTouch = false;
    client.monitor(false);
    client.authenticated = !password.isSet();
    client.replyMode(ReplyMode.ON);
    client.reply().protocol(2);
    call.reply().status("RESET");
  }

  private void auth(Call call) {
    if (call.count() > 3) {
      throw Fault.syntax();
    }
    if (call.count() == 2 && !password.isSet()) {
      throw new Fault(
          "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?");
    }
    byte[] given = call.bytes(call.count() - 1);
    if (!password.accepts(call.count() == 3 ? call.string(1) : "default", given)) {
      throw Password.wrong();
    }
    call.client().authenticated = true;
    call.reply().ok();
  }
}
