package dev.holdfast.engine.command.server;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.ALLOW_BUSY;
import static dev.holdfast.engine.command.Flag.BLOCKING;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.NO_MULTI;
import static dev.holdfast.engine.command.Flag.READONLY;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.CONNECTION;
import static dev.holdfast.engine.command.Group.GENERIC;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.command.Slowlog;
import dev.holdfast.engine.keyspace.Record;
import java.util.List;

/** Commands about the server as a whole that need little to answer. */
public final class ServerCommands {
  /**
   * Bytes of the index that a key takes besides its record: one word, at the usual fill of a
   * bucket.
   */
  private static final int INDEX_SHARE = 12;

  private final Slowlog slowlog;

  private ServerCommands(Slowlog slowlog) {
    this.slowlog = slowlog;
  }

  /** Adds them to the table. */
  public static void register(
      CommandTable table, Slowlog slowlog, Waits waits, Shutdown shutdown, Debug debug) {
    var commands = new ServerCommands(slowlog);
    table.add(
        command("time", 1, SERVER, "2.6.0", LOADING, STALE, FAST)
            .tips("nondeterministic_output")
            .doc("", "Answers the server's time: Unix seconds, and microseconds.")
            .runs(debug::time));
    table.add(
        command("role", 1, SERVER, "2.8.12", NOSCRIPT, LOADING, STALE, FAST)
            .category("admin", "dangerous")
            .doc("", "Answers the server's role in replication.")
            .runs(debug::role));
    table.add(
        command("cluster", -2, SERVER, "3.0.0")
            .doc("", "Commands of cluster mode, which this server does not have.")
            .runs(
                call -> {
                  throw new Fault("ERR This instance has cluster support disabled");
                }));
    table.add(
        command(
                "shutdown",
                -1,
                SERVER,
                "1.0.0",
                ADMIN,
                NOSCRIPT,
                LOADING,
                STALE,
                NO_MULTI,
                ALLOW_BUSY)
            .complexity(
                "O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)")
            .doc("[NOSAVE|SAVE] [NOW] [FORCE] [ABORT]", "Ends the server.")
            .runs(shutdown::shutdown));
    table.add(
        command("debug", -2, SERVER, "1.0.0", ADMIN, NOSCRIPT, LOADING, STALE)
            .complexity("Depends on subcommand.")
            .doc("", "What tests need.")
            .runs(debug::debug));
    table.add(
        command("wait", 3, GENERIC, "3.0.0", NOSCRIPT, BLOCKING)
            .accessAs(CONNECTION)
            .tips("request_policy:all_shards", "response_policy:agg_min")
            .doc("numreplicas timeout", "Waits until replicas have this connection's writes.")
            .runs(waits::waitForReplicas));
    table.add(
        command("waitaof", 4, GENERIC, "7.2.0", NOSCRIPT, BLOCKING)
            .accessAs(CONNECTION)
            .tips("request_policy:all_shards", "response_policy:agg_min")
            .doc(
                "numlocal numreplicas timeout",
                "Waits until this connection's writes are on disks.")
            .runs(waits::waitForDisk));
    slowlog(table, commands);
    memory(table);
  }

  private static void slowlog(CommandTable table, ServerCommands commands) {
    table.add(
        command("slowlog", -2, SERVER, "2.2.12")
            .doc("", "Commands about what took long.")
            .contains(
                command("slowlog|get", -2, SERVER, "2.2.12", ADMIN, LOADING, STALE)
                    .tips("request_policy:all_nodes", "nondeterministic_output")
                    .doc("[count]", "Answers the last commands that took long.")
                    .runs(commands::slowlogGet),
                command("slowlog|help", 2, SERVER, "6.2.0", LOADING, STALE)
                    .doc("", "Explains the subcommands.")
                    .runs(ServerCommands::slowlogHelp),
                command("slowlog|len", 2, SERVER, "2.2.12", ADMIN, LOADING, STALE)
                    .tips(
                        "request_policy:all_nodes",
                        "response_policy:agg_sum",
                        "nondeterministic_output")
                    .doc("", "Counts the entries.")
                    .runs(call -> call.reply().integer(commands.slowlog.size())),
                command("slowlog|reset", 2, SERVER, "2.2.12", ADMIN, LOADING, STALE)
                    .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                    .doc("", "Forgets all entries.")
                    .runs(commands::slowlogReset)));
  }

  private void slowlogGet(Call call) {
    long count = 10;
    if (call.count() == 3) {
      count = call.integer(2, "ERR count should be greater than or equal to -1");
      if (count < -1) {
        throw new Fault("ERR count should be greater than or equal to -1");
      }
    } else if (call.count() > 3) {
      throw Fault.subcommand(call);
    }
    List<Slowlog.Entry> entries = slowlog.newest(count == -1 ? Long.MAX_VALUE : count);
    var reply = call.reply();
    reply.array(entries.size());
    for (Slowlog.Entry entry : entries) {
      reply.array(6);
      reply.integer(entry.id());
      reply.integer(entry.seconds());
      reply.integer(entry.micros());
      reply.array(entry.words().size());
      entry.words().forEach(reply::bulk);
      reply.bulk(entry.address());
      reply.bulk(entry.name());
    }
  }

  private void slowlogReset(Call call) {
    slowlog.clear();
    call.reply().ok();
  }

  private static void slowlogHelp(Call call) {
    Help.reply(
        call,
        "GET [<count>]",
        "    The last <count> commands that took long (default: 10, -1: all), each with id, Unix time, microseconds,",
        "    words, address and name of the client.",
        "LEN",
        "    How many there are.",
        "RESET",
        "    Forget them.");
  }

  private static void memory(CommandTable table) {
    table.add(
        command("memory", -2, SERVER, "4.0.0")
            .doc("", "Commands about memory.")
            .contains(
                command("memory|help", 2, SERVER, "4.0.0", LOADING, STALE)
                    .doc("", "Explains the subcommands.")
                    .runs(
                        call ->
                            Help.reply(
                                call,
                                "USAGE <key> [SAMPLES <count>]",
                                "    Bytes that <key> and its value take.")),
                command("memory|usage", -3, SERVER, "4.0.0", READONLY)
                    .keys(2, 2, 1, "RO")
                    .complexity("O(N) where N is the number of samples.")
                    .doc("key [SAMPLES count]", "Answers how many bytes a key and its value take.")
                    .runs(ServerCommands::memoryUsage)));
  }

  private static void memoryUsage(Call call) {
    for (int i = 3; i < call.count(); i++) {
      if (!call.is(i, "SAMPLES") || i + 1 == call.count()) {
        throw Fault.syntax();
      }
      if (call.integer(++i) < 0) {
        throw Fault.syntax();
      }
    }
    long record = call.inspect(2);
    if (record == 0) {
      call.reply().nil();
    } else {
      call.reply().integer((long) Record.bytes(record) + INDEX_SHARE);
    }
  }
}
