package dev.holdfast.engine.command.pubsub;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Subscription;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.protocol.Reply;
import dev.holdfast.engine.pubsub.Channels;
import java.util.List;

/**
 * A command that begins subscriptions of one kind, and the one that ends them. Each name has an
 * answer of its own, also for a client that wants no replies, because these are pushes.
 *
 * @param word of the command that begins
 */
record Subscribing(Channels channels, Subscription kind, String word) {

  void subscribe(Call call) {
    for (int i = 1; i < call.count(); i++) {
      var name = PubSubCommands.name(call, i);
      channels.subscribe(call.client(), kind, name);
      answer(call, word, name);
    }
  }

  void unsubscribe(Call call) {
    if (call.count() > 1) {
      for (int i = 1; i < call.count(); i++) {
        unsubscribe(call, PubSubCommands.name(call, i));
      }
      return;
    }
    if (call.client().subscribed(kind) == 0) {
      answer(call, ending(), null);
      return;
    }
    for (var name : List.copyOf(call.client().subscriptions().of(kind))) {
      unsubscribe(call, name);
    }
  }

  private void unsubscribe(Call call, ByteString name) {
    channels.unsubscribe(call.client(), kind, name);
    answer(call, ending(), name);
  }

  /** {@code punsubscribe} for {@code psubscribe}. */
  private String ending() {
    return word.replace("subscribe", "unsubscribe");
  }

  private void answer(Call call, String what, ByteString name) {
    Reply reply = call.reply();
    boolean muted = reply.muted();
    reply.muted(false);
    reply.push(3);
    reply.bulk(what);
    if (name == null) {
      reply.nil();
    } else {
      reply.bulk(name.bytes());
    }
    reply.integer(count(call.client()));
    reply.muted(muted);
  }

  /** Shard channels are counted apart. */
  private int count(Client client) {
    return kind == Subscription.SHARD_CHANNEL
        ? client.subscribed(kind)
        : client.subscribed(Subscription.CHANNEL) + client.subscribed(Subscription.PATTERN);
  }
}
