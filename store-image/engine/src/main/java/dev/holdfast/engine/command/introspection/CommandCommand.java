package dev.holdfast.engine.command.introspection;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.CONNECTION;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Flag;
import dev.holdfast.engine.command.Handler;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.command.KeyRange;
import dev.holdfast.engine.pattern.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code COMMAND}: the command table as clients read it. */
public final class CommandCommand {
  private final CommandTable table;

  private CommandCommand(CommandTable table) {
    this.table = table;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table) {
    var commands = new CommandCommand(table);
    var docs = new CommandDocs(table);
    table.add(
        command("command", -1, SERVER, "2.8.13", LOADING, STALE)
            .accessAs(CONNECTION)
            .complexity("O(N) where N is the total number of commands")
            .tips("nondeterministic_output_order")
            .doc("", "Describes the commands.")
            .runsOrContains(
                call -> commands.describe(call, List.copyOf(table.commands())),
                sub(
                    "count",
                    2,
                    "2.8.13",
                    "",
                    "Counts the commands.",
                    call -> call.reply().integer(table.commands().size())),
                sub(
                    "docs",
                    -2,
                    "7.0.0",
                    "[command-name [command-name ...]]",
                    "Explains commands.",
                    docs::docs),
                sub(
                    "getkeys",
                    -3,
                    "2.8.13",
                    "command [arg [arg ...]]",
                    "Answers the keys of a call.",
                    call -> commands.getkeys(call, false)),
                sub(
                    "getkeysandflags",
                    -3,
                    "7.0.0",
                    "command [arg [arg ...]]",
                    "Answers the keys of a call and their use.",
                    call -> commands.getkeys(call, true)),
                sub("help", 2, "5.0.0", "", "Explains the subcommands.", CommandCommand::help),
                sub(
                    "info",
                    -2,
                    "2.8.13",
                    "[command-name [command-name ...]]",
                    "Describes commands.",
                    commands::info),
                sub(
                    "list",
                    -2,
                    "7.0.0",
                    "[FILTERBY MODULE module-name|ACLCAT category|PATTERN pattern]",
                    "Answers the names of commands.",
                    commands::list)));
  }

  private static Command sub(
      String name, int arity, String since, String syntax, String summary, Handler handler) {
    return command("command|" + name, arity, SERVER, since, LOADING, STALE)
        .accessAs(CONNECTION)
        .doc(syntax, summary)
        .runs(handler);
  }

  private void info(Call call) {
    if (call.count() == 2) {
      describe(call, List.copyOf(table.commands()));
      return;
    }
    var commands = new ArrayList<Command>();
    for (int i = 2; i < call.count(); i++) {
      commands.add(table.find(call.string(i)));
    }
    describe(call, commands);
  }

  private void describe(Call call, List<Command> commands) {
    call.reply().array(commands.size());
    for (Command command : commands) {
      describe(call, command);
    }
  }

  private void describe(Call call, Command command) {
    var reply = call.reply();
    if (command == null) {
      reply.nilArray();
      return;
    }
    List<KeyRange> keys = command.keys();
    reply.array(10);
    reply.bulk(command.name());
    reply.integer(command.arity());
    var flags = command.flags().stream().filter(Flag::isShown).toList();
    reply.set(flags.size());
    flags.forEach(flag -> reply.status(flag.word()));
    reply.integer(keys.isEmpty() ? 0 : keys.getFirst().first());
    reply.integer(keys.isEmpty() ? 0 : keys.getLast().last());
    reply.integer(keys.isEmpty() ? 0 : keys.getFirst().step());
    List<String> categories = command.categories();
    reply.set(categories.size());
    categories.forEach(category -> reply.status("@" + category));
    reply.set(command.tips().size());
    command.tips().forEach(reply::bulk);
    reply.set(keys.size());
    keys.forEach(range -> keySpecification(call, range));
    reply.set(command.subcommands().size());
    command.subcommands().forEach(sub -> describe(call, sub));
  }

  private static void keySpecification(Call call, KeyRange range) {
    var reply = call.reply();
    reply.map(3);
    reply.bulk("flags");
    reply.set(range.access().size());
    range.access().forEach(reply::status);
    reply.bulk("begin_search");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("index");
    reply.bulk("spec");
    reply.map(1);
    reply.bulk("index");
    reply.integer(range.first());
    reply.bulk("find_keys");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("range");
    reply.bulk("spec");
    reply.map(3);
    reply.bulk("lastkey");
    reply.integer(range.last() < 0 ? range.last() : range.last() - range.first());
    reply.bulk("keystep");
    reply.integer(range.step());
    reply.bulk("limit");
    reply.integer(0);
  }

  private void list(Call call) {
    var names = new ArrayList<String>();
    if (call.count() == 2) {
      table.commands().forEach(command -> names.add(command.name()));
    } else if (call.count() == 5 && call.is(2, "FILTERBY")) {
      String filter = call.string(4);
      switch (call.string(3).toUpperCase(Locale.ROOT)) {
        case "MODULE" -> names.clear();
        case "ACLCAT" ->
            filter(
                names, command -> command.categories().contains(filter.toLowerCase(Locale.ROOT)));
        case "PATTERN" -> filter(names, command -> Glob.matches(filter, command.name(), true));
        default -> throw Fault.syntax();
      }
    } else {
      throw Fault.syntax();
    }
    call.reply().array(names.size());
    names.forEach(call.reply()::bulk);
  }

  private void filter(List<String> names, java.util.function.Predicate<Command> wanted) {
    for (Command command : table.commands()) {
      if (wanted.test(command)) {
        names.add(command.name());
      }
      for (Command sub : command.subcommands()) {
        if (wanted.test(sub)) {
          names.add(sub.name());
        }
      }
    }
  }

  private void getkeys(Call call, boolean withFlags) {
    Command command = table.find(call.string(2));
    int shift = 2;
    if (command != null && !command.subcommands().isEmpty() && call.count() > 3) {
      Command sub = table.find(call.string(2) + "|" + call.string(3));
      command = sub == null ? command : sub;
    }
    if (command == null) {
      throw new Fault("ERR Invalid command specified");
    }
    int count = call.count() - shift;
    if (command.keys().isEmpty()) {
      throw new Fault("ERR The command has no key arguments");
    }
    if (!command.accepts(count)) {
      throw new Fault("ERR Invalid number of arguments specified for command");
    }
    var indexes = new ArrayList<Integer>();
    var access = new ArrayList<List<String>>();
    for (KeyRange range : command.keys()) {
      for (int i = range.first(); i <= range.lastIn(count); i += range.step()) {
        indexes.add(i + shift);
        access.add(access(call, range));
      }
    }
    call.reply().array(indexes.size());
    for (int i = 0; i < indexes.size(); i++) {
      int arg = indexes.get(i);
      if (withFlags) {
        call.reply().array(2);
      }
      call.reply().bulk(call.address(arg), call.length(arg));
      if (withFlags) {
        call.reply().set(access.get(i).size());
        access.get(i).forEach(call.reply()::status);
      }
    }
  }

  /** SET reads the old value only when it is asked to. */
  private static List<String> access(Call call, KeyRange range) {
    if (!range.access().contains("variable_flags")) {
      return range.access();
    }
    for (int i = 5; i < call.count(); i++) {
      if (call.is(i, "GET")) {
        return List.of("RW", "access", "update");
      }
    }
    return List.of("OW", "update");
  }

  private static void help(Call call) {
    Help.reply(
        call,
        "(no subcommand)",
        "    Describe all commands.",
        "COUNT",
        "    How many commands there are.",
        "LIST [FILTERBY (MODULE|ACLCAT|PATTERN) <value>]",
        "    The names of the commands.",
        "INFO [<command-name> ...]",
        "    Describe commands.",
        "DOCS [<command-name> ...]",
        "    Explain commands.",
        "GETKEYS <full-command>",
        "    The keys of a call.",
        "GETKEYSANDFLAGS <full-command>",
        "    The keys of a call and how they are used.");
  }
}
