package dev.holdfast.engine.command.pubsub;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.PUBSUB;
import static dev.holdfast.engine.command.Flag.STALE;

import dev.holdfast.engine.client.Subscription;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Group;
import dev.holdfast.engine.command.Handler;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.pattern.Glob;
import dev.holdfast.engine.pubsub.Channels;

/** {@code PUBSUB}: who listens to what. */
final class PubSubCommand {
  private final Channels channels;

  private PubSubCommand(Channels channels) {
    this.channels = channels;
  }

  static void register(CommandTable table, Channels channels) {
    var commands = new PubSubCommand(channels);
    table.add(
        command("pubsub", -2, Group.PUBSUB, "2.8.0")
            .doc("", "Asks about channels and their listeners.")
            .contains(
                sub(
                    "channels",
                    -2,
                    "2.8.0",
                    "[pattern]",
                    "Answers the channels that have listeners.",
                    call -> commands.names(call, Subscription.CHANNEL)),
                command("pubsub|help", 2, Group.PUBSUB, "6.2.0", LOADING, STALE)
                    .accessAs(Group.SERVER)
                    .doc("", "Explains the subcommands.")
                    .runs(PubSubCommand::help),
                sub(
                    "numpat",
                    2,
                    "2.8.0",
                    "",
                    "Counts the patterns that have listeners.",
                    call -> call.reply().integer(channels.count(Subscription.PATTERN))),
                sub(
                    "numsub",
                    -2,
                    "2.8.0",
                    "[channel [channel ...]]",
                    "Counts the listeners of channels.",
                    call -> commands.subscribers(call, Subscription.CHANNEL)),
                sub(
                    "shardchannels",
                    -2,
                    "7.0.0",
                    "[pattern]",
                    "Answers the shard channels that have listeners.",
                    call -> commands.names(call, Subscription.SHARD_CHANNEL)),
                sub(
                    "shardnumsub",
                    -2,
                    "7.0.0",
                    "[shardchannel [shardchannel ...]]",
                    "Counts the listeners of shard channels.",
                    call -> commands.subscribers(call, Subscription.SHARD_CHANNEL))));
  }

  private static Command sub(
      String name, int arity, String since, String syntax, String summary, Handler handler) {
    boolean one = arity == 2;
    return command("pubsub|" + name, arity, Group.PUBSUB, since, PUBSUB, LOADING, STALE)
        .complexity(one ? "O(1)" : "O(N) where N is the number of channels")
        .doc(syntax, summary)
        .runs(handler);
  }

  private void names(Call call, Subscription kind) {
    if (call.count() > 3) {
      throw Fault.subcommand(call);
    }
    var names = channels.names(kind, call.count() == 3 ? Glob.of(call.bytes(2)) : null);
    call.reply().array(names.size());
    names.forEach(name -> call.reply().bulk(name.bytes()));
  }

  private void subscribers(Call call, Subscription kind) {
    call.reply().array(2 * (call.count() - 2));
    for (int i = 2; i < call.count(); i++) {
      call.reply().bulk(call.address(i), call.length(i));
      call.reply().integer(channels.subscribers(kind, PubSubCommands.name(call, i)));
    }
  }

  private static void help(Call call) {
    Help.reply(
        call,
        "CHANNELS [<pattern>]",
        "    The channels that have listeners, or those of them that match <pattern>.",
        "NUMPAT",
        "    The number of patterns that have listeners.",
        "NUMSUB [<channel> ...]",
        "    The number of listeners of each channel, without those of patterns.",
        "SHARDCHANNELS [<pattern>]",
        "    The shard channels that have listeners, or those of them that match <pattern>.",
        "SHARDNUMSUB [<shardchannel> ...]",
        "    The number of listeners of each shard channel.");
  }
}
