package dev.holdfast.engine.command.connection;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.CONNECTION;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.ReplyMode;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Flag;
import dev.holdfast.engine.command.Handler;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.tracking.Tracking;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code CLIENT}: about this connection and about others. */
public final class ClientCommands {
  private static final Flag[] MINE = {NOSCRIPT, LOADING, STALE};
  private static final Flag[] OTHERS = {ADMIN, NOSCRIPT, LOADING, STALE};

  private final Clients clients;
  private final Clock clock;

  private ClientCommands(Clients clients, Clock clock) {
    this.clients = clients;
    this.clock = clock;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, Clients clients, Tracking tracking, Clock clock) {
    var commands = new ClientCommands(clients, clock);
    var kill = new ClientKill(clients);
    var tracked = new ClientTracking(clients, tracking);
    table.add(
        command("client", -2, CONNECTION, "2.4.0")
            .doc("", "Commands about connections.")
            .contains(
                sub(
                    "caching",
                    3,
                    "6.0.0",
                    MINE,
                    "YES|NO",
                    "Says whether the next command's keys are tracked.",
                    ClientTracking::caching),
                sub(
                    "getname",
                    2,
                    "2.6.9",
                    MINE,
                    "",
                    "Answers the connection's name.",
                    ClientCommands::getname),
                sub(
                    "getredir",
                    2,
                    "6.0.0",
                    MINE,
                    "",
                    "Answers where tracking is redirected to.",
                    ClientTracking::getredir),
                sub(
                    "help",
                    2,
                    "5.0.0",
                    new Flag[] {LOADING, STALE},
                    "",
                    "Explains the subcommands.",
                    ClientCommands::help),
                sub(
                    "id",
                    2,
                    "5.0.0",
                    MINE,
                    "",
                    "Answers the connection's number.",
                    c -> c.reply().integer(c.client().id())),
                command("client|info", 2, CONNECTION, "6.2.0", MINE)
                    .tips("nondeterministic_output")
                    .doc("", "Tells about this connection.")
                    .runs(ClientCommands::info),
                sub(
                    "kill",
                    -3,
                    "2.4.0",
                    OTHERS,
                    "ip:port|[ID client-id|TYPE NORMAL|ADDR ip:port|LADDR ip:port|USER username|SKIPME YES]",
                    "Closes connections.",
                    kill::kill),
                command("client|list", -2, CONNECTION, "2.4.0", OTHERS)
                    .complexity("O(N) where N is the number of client connections")
                    .tips("nondeterministic_output")
                    .doc(
                        "[TYPE NORMAL|MASTER|REPLICA|PUBSUB] [ID client-id [client-id ...]]",
                        "Lists the connections.")
                    .runs(commands::list),
                sub(
                    "no-evict",
                    3,
                    "7.0.0",
                    OTHERS,
                    "ON|OFF",
                    "Spares this connection when memory is short.",
                    ClientCommands::noEvict),
                sub(
                    "no-touch",
                    3,
                    "7.2.0",
                    MINE,
                    "ON|OFF",
                    "Says whether this connection's reads count as use of a key.",
                    ClientCommands::noTouch),
                sub(
                    "pause",
                    -3,
                    "3.0.0",
                    OTHERS,
                    "timeout [WRITE|ALL]",
                    "Keeps commands waiting for a while.",
                    commands::pause),
                sub(
                    "reply",
                    3,
                    "3.2.0",
                    MINE,
                    "ON|OFF|SKIP",
                    "Says whether this connection wants replies.",
                    ClientCommands::reply),
                sub(
                    "setinfo",
                    4,
                    "7.2.0",
                    MINE,
                    "LIB-NAME libname|LIB-VER libver",
                    "Tells about the client's library.",
                    ClientCommands::setinfo),
                sub(
                    "setname",
                    3,
                    "2.6.9",
                    MINE,
                    "connection-name",
                    "Names this connection.",
                    ClientCommands::setname),
                sub(
                    "tracking",
                    -3,
                    "6.0.0",
                    MINE,
                    "ON|OFF [REDIRECT client-id] [PREFIX prefix] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]",
                    "Says whether this connection's keys are tracked.",
                    tracked::tracking),
                sub(
                    "trackinginfo",
                    2,
                    "6.2.0",
                    MINE,
                    "",
                    "Tells how keys are tracked.",
                    ClientTracking::trackinginfo),
                sub(
                    "unblock",
                    -3,
                    "5.0.0",
                    OTHERS,
                    "client-id [TIMEOUT|ERROR]",
                    "Ends a connection's wait.",
                    commands::unblock),
                sub("unpause", 2, "6.2.0", OTHERS, "", "Ends a pause.", commands::unpause)));
  }

  private static Command sub(
      String name,
      int arity,
      String since,
      Flag[] flags,
      String syntax,
      String summary,
      Handler handler) {
    return command("client|" + name, arity, CONNECTION, since, flags)
        .doc(syntax, summary)
        .runs(handler);
  }

  private static void getname(Call call) {
    if (call.client().name.isEmpty()) {
      call.reply().nil();
    } else {
      call.reply().bulk(call.client().name);
    }
  }

  private static void setname(Call call) {
    ClientText.check(call, 2, "Client names");
    call.client().name = call.string(2);
    call.reply().ok();
  }

  private static void setinfo(Call call) {
    boolean name = call.is(2, "LIB-NAME");
    if (!name && !call.is(2, "LIB-VER")) {
      throw new Fault("ERR Unrecognized option '" + call.quoted(2) + "'");
    }
    ClientText.check(call, 3, call.string(2));
    if (name) {
      call.client().libName = call.string(3);
    } else {
      call.client().libVersion = call.string(3);
    }
    call.reply().ok();
  }

  private static void info(Call call) {
    call.reply().verbatim("txt", call.client().describe() + "\n");
  }

  private void list(Call call) {
    var lines = new StringBuilder();
    if (call.count() == 2) {
      clients.forEach(client -> lines.append(client.describe()).append('\n'));
    } else if (call.count() == 4 && call.is(2, "TYPE")) {
      String type = ClientKill.type(call, 3);
      clients.forEach(
          client -> {
            if (ClientKill.isOfType(client, type)) {
              lines.append(client.describe()).append('\n');
            }
          });
    } else if (call.count() > 3 && call.is(2, "ID")) {
      for (Client client : byIds(call)) {
        lines.append(client.describe()).append('\n');
      }
    } else {
      throw Fault.syntax();
    }
    call.reply().verbatim("txt", lines.toString());
  }

  private List<Client> byIds(Call call) {
    var found = new ArrayList<Client>();
    for (int i = 3; i < call.count(); i++) {
      Client client = clients.byId(call.integer(i, "ERR Invalid client ID"));
      if (client != null) {
        found.add(client);
      }
    }
    return found;
  }

  private static void noEvict(Call call) {
    call.client().noEvict = onOff(call);
    call.reply().ok();
  }

  private static void noTouch(Call call) {
    call.client().noTouch = onOff(call);
    call.reply().ok();
  }

  private static boolean onOff(Call call) {
    if (!call.is(2, "ON") && !call.is(2, "OFF")) {
      throw Fault.syntax();
    }
    return call.is(2, "ON");
  }

  private void pause(Call call) {
    var kind = Clients.Pause.ALL;
    if (call.count() == 4) {
      switch (call.string(3).toUpperCase(Locale.ROOT)) {
        case "WRITE" -> kind = Clients.Pause.WRITE;
        case "ALL" -> kind = Clients.Pause.ALL;
        default -> throw new Fault("ERR CLIENT PAUSE mode must be WRITE or ALL");
      }
    } else if (call.count() > 4) {
      throw Fault.subcommand(call);
    }
    long millis = Timeouts.millis(call, 2);
    clients.pause(kind, Timeouts.until(clock, millis));
    call.reply().ok();
  }

  private void unpause(Call call) {
    clients.unpause();
    call.reply().ok();
  }

  private static void reply(Call call) {
    switch (call.string(2).toUpperCase(Locale.ROOT)) {
      case "ON" -> {
        call.client().replyMode(ReplyMode.ON);
        call.reply().ok();
      }
      case "OFF" -> call.client().replyMode(ReplyMode.OFF);
      case "SKIP" -> {
        if (call.client().replyMode() != ReplyMode.OFF) {
          call.client().replyMode(ReplyMode.SKIP_NEXT);
        }
      }
      default -> throw Fault.syntax();
    }
  }

  private void unblock(Call call) {
    boolean error = false;
    if (call.count() == 4) {
      switch (call.string(3).toUpperCase(Locale.ROOT)) {
        case "TIMEOUT" -> error = false;
        case "ERROR" -> error = true;
        default -> throw new Fault("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
      }
    } else if (call.count() > 4) {
      throw Fault.subcommand(call);
    }
    Client client = clients.byId(call.integer(2));
    boolean done =
        client != null
            && (error
                ? clients.unblockWithError(client, "UNBLOCKED client unblocked via CLIENT UNBLOCK")
                : clients.unblock(client));
    call.reply().integer(done ? 1 : 0);
  }

  private static void help(Call call) {
    Help.reply(
        call,
        "CACHING (YES|NO)",
        "    Whether the keys of the next command are tracked, in mode OPTIN or OPTOUT.",
        "GETNAME",
        "    The name of this connection.",
        "GETREDIR",
        "    The connection that hears of changes: 0 for this one, -1 when keys are not tracked.",
        "ID",
        "    The number of this connection.",
        "INFO",
        "    The line of this connection in CLIENT LIST.",
        "KILL <ip:port>",
        "    Close the connection from that address.",
        "KILL <option> <value> [<option> <value> [...]]",
        "    Close connections by ID, TYPE, ADDR, LADDR or USER; SKIPME (YES|NO) spares this one.",
        "LIST [TYPE <type>] [ID <id> [...]]",
        "    One line per connection.",
        "NO-EVICT (ON|OFF)",
        "    Spare this connection when memory is short.",
        "NO-TOUCH (ON|OFF)",
        "    Let reads of this connection not count as use of a key.",
        "PAUSE <timeout> [WRITE|ALL]",
        "    Keep all commands, or those that write, waiting for <timeout> milliseconds.",
        "REPLY (ON|OFF|SKIP)",
        "    Whether this connection wants replies.",
        "SETINFO (LIB-NAME|LIB-VER) <value>",
        "    The library of this client and its version.",
        "SETNAME <name>",
        "    Name this connection.",
        "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
        "         [OPTIN] [OPTOUT] [NOLOOP]",
        "    Whether this connection hears when keys change that it has read.",
        "TRACKINGINFO",
        "    How the keys of this connection are tracked.",
        "UNBLOCK <clientid> [TIMEOUT|ERROR]",
        "    End the wait of a blocked connection.",
        "UNPAUSE",
        "    End a pause.");
  }
}
