package dev.holdfast.engine.command.pubsub;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.MAY_REPLICATE;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.PUBSUB;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Flag.WHILE_SUBSCRIBED;

import dev.holdfast.engine.client.Subscription;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Flag;
import dev.holdfast.engine.command.Group;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.pubsub.Channels;

/** The entries of the commands on channels. A published message is no effect: it is not logged. */
public final class PubSubCommands {
  private static final Flag[] SUBSCRIBING = {PUBSUB, NOSCRIPT, LOADING, STALE, WHILE_SUBSCRIBED};
  private static final Flag[] PUBLISHING = {PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE};

  private final Channels channels;

  private PubSubCommands(Channels channels) {
    this.channels = channels;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, Channels channels) {
    var commands = new PubSubCommands(channels);
    commands.subscribing(table);
    commands.publishing(table);
    PubSubCommand.register(table, channels);
  }

  private void subscribing(CommandTable table) {
    var channel = new Subscribing(channels, Subscription.CHANNEL, "subscribe");
    var pattern = new Subscribing(channels, Subscription.PATTERN, "psubscribe");
    var shard = new Subscribing(channels, Subscription.SHARD_CHANNEL, "ssubscribe");
    table.add(
        command("subscribe", -2, Group.PUBSUB, "2.0.0", SUBSCRIBING)
            .complexity("O(N) where N is the number of channels to subscribe to.")
            .doc("channel [channel ...]", "Listens to channels.")
            .runs(channel::subscribe));
    table.add(
        command("unsubscribe", -1, Group.PUBSUB, "2.0.0", SUBSCRIBING)
            .complexity("O(N) where N is the number of channels to unsubscribe.")
            .doc("[channel [channel ...]]", "Listens to channels no longer.")
            .runs(channel::unsubscribe));
    table.add(
        command("psubscribe", -2, Group.PUBSUB, "2.0.0", SUBSCRIBING)
            .complexity("O(N) where N is the number of patterns to subscribe to.")
            .doc("pattern [pattern ...]", "Listens to all channels that match patterns.")
            .runs(pattern::subscribe));
    table.add(
        command("punsubscribe", -1, Group.PUBSUB, "2.0.0", SUBSCRIBING)
            .complexity("O(N) where N is the number of patterns to unsubscribe.")
            .doc("[pattern [pattern ...]]", "Listens to patterns no longer.")
            .runs(pattern::unsubscribe));
    table.add(
        command("ssubscribe", -2, Group.PUBSUB, "7.0.0", SUBSCRIBING)
            .keys(1, -1, 1, "not_key")
            .complexity("O(N) where N is the number of shard channels to subscribe to.")
            .doc("shardchannel [shardchannel ...]", "Listens to shard channels.")
            .runs(shard::subscribe));
    table.add(
        command("sunsubscribe", -1, Group.PUBSUB, "7.0.0", SUBSCRIBING)
            .keys(1, -1, 1, "not_key")
            .complexity("O(N) where N is the number of shard channels to unsubscribe.")
            .doc("[shardchannel [shardchannel ...]]", "Listens to shard channels no longer.")
            .runs(shard::unsubscribe));
  }

  private void publishing(CommandTable table) {
    table.add(
        publishing("publish", "2.0.0")
            .complexity(
                "O(N+M) where N is the number of clients subscribed to the channel and M is the"
                    + " number of patterns with subscribers.")
            .doc("channel message", "Sends a message to everyone who listens to a channel.")
            .runs(call -> call.reply().integer(channels.publish(name(call, 1), name(call, 2)))));
    table.add(
        publishing("spublish", "7.0.0")
            .key("not_key")
            .complexity("O(N) where N is the number of clients subscribed to the shard channel.")
            .doc("shardchannel message", "Sends a message to the listeners of a shard channel.")
            .runs(
                call -> call.reply().integer(channels.publishShard(name(call, 1), name(call, 2)))));
  }

  private static Command.Builder publishing(String name, String since) {
    return command(name, 3, Group.PUBSUB, since, PUBLISHING);
  }

  static ByteString name(Call call, int arg) {
    return ByteString.of(call.bytes(arg));
  }
}
