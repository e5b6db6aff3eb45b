package dev.holdfast.engine.command.introspection;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.introspection.Syntax.Argument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code COMMAND DOCS}: what an interactive client shows while somebody types. */
final class CommandDocs {
  private final CommandTable table;

  CommandDocs(CommandTable table) {
    this.table = table;
  }

  void docs(Call call) {
    Collection<Command> wanted = table.commands();
    if (call.count() > 2) {
      wanted = new ArrayList<>();
      for (int i = 2; i < call.count(); i++) {
        Command command = table.find(call.string(i));
        if (command != null) {
          wanted.add(command);
        }
      }
    }
    call.reply().map(wanted.size());
    for (Command command : wanted) {
      explain(call, command);
    }
  }

  private static void explain(Call call, Command command) {
    var reply = call.reply();
    List<Argument> arguments = Syntax.parse(command.syntax());
    boolean container = !command.subcommands().isEmpty();
    reply.bulk(command.name());
    reply.map(4 + (arguments.isEmpty() ? 0 : 1) + (container ? 1 : 0));
    reply.bulk("summary");
    reply.bulk(command.summary());
    reply.bulk("since");
    reply.bulk(command.since());
    reply.bulk("group");
    reply.bulk(command.group().word());
    reply.bulk("complexity");
    reply.bulk(command.complexity());
    if (!arguments.isEmpty()) {
      reply.bulk("arguments");
      arguments(call, arguments);
    }
    if (container) {
      reply.bulk("subcommands");
      reply.map(command.subcommands().size());
      command.subcommands().forEach(sub -> explain(call, sub));
    }
  }

  private static void arguments(Call call, List<Argument> arguments) {
    call.reply().array(arguments.size());
    for (Argument argument : arguments) {
      argument(call, argument);
    }
  }

  private static void argument(Call call, Argument argument) {
    var reply = call.reply();
    boolean flags = argument.optional() || argument.multiple();
    boolean children = !argument.children().isEmpty();
    boolean key = argument.type().equals("key");
    reply.map(3 + (key ? 1 : 0) + (argument.token() == null ? 0 : 1) + (flags ? 1 : 0));
    reply.bulk("name");
    reply.bulk(argument.name());
    reply.bulk("type");
    reply.bulk(argument.type());
    if (!children) {
      reply.bulk("display_text");
      reply.bulk(argument.name());
    }
    if (key) {
      reply.bulk("key_spec_index");
      reply.integer(0);
    }
    if (argument.token() != null) {
      reply.bulk("token");
      reply.bulk(argument.token());
    }
    if (flags) {
      reply.bulk("flags");
      reply.set((argument.optional() ? 1 : 0) + (argument.multiple() ? 1 : 0));
      if (argument.optional()) {
        reply.status("optional");
      }
      if (argument.multiple()) {
        reply.status("multiple");
      }
    }
    if (children) {
      reply.bulk("arguments");
      arguments(call, argument.children());
    }
  }
}
