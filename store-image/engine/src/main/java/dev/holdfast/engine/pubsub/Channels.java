package dev.holdfast.engine.pubsub;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.IfNotDurable;
import dev.holdfast.engine.client.Pushes;
import dev.holdfast.engine.client.Subscription;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.pattern.Glob;
import dev.holdfast.engine.protocol.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is subscribed to what, and the way of a message to them. A name is forgotten with its last
 * subscriber.
 *
 * <p>The command thread owns it.
 */
public final class Channels {
  private static final Set<Client> NOBODY = Set.of();

  private final Map<ByteString, Set<Client>> channels = new LinkedHashMap<>();
  private final Map<ByteString, Set<Client>> shardChannels = new LinkedHashMap<>();
  private final Map<ByteString, Set<Client>> patterns = new LinkedHashMap<>();
  private final Map<ByteString, Glob> globs = new LinkedHashMap<>();
  private final Pushes pushes;

  public Channels(Pushes pushes) {
    this.pushes = pushes;
  }

  private Map<ByteString, Set<Client>> of(Subscription kind) {
    return switch (kind) {
      case CHANNEL -> channels;
      case PATTERN -> patterns;
      case SHARD_CHANNEL -> shardChannels;
    };
  }

  /** Does nothing when the client is subscribed already. */
  public void subscribe(Client client, Subscription kind, ByteString name) {
    if (client.subscriptions().of(kind).add(name)) {
      of(kind).computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(client);
      if (kind == Subscription.PATTERN) {
        globs.computeIfAbsent(name, pattern -> Glob.of(pattern.bytes()));
      }
    }
    client.subscriber(true);
  }

  /** Does nothing when the client is not subscribed. */
  public void unsubscribe(Client client, Subscription kind, ByteString name) {
    if (client.subscribed(kind) == 0 || !client.subscriptions().of(kind).remove(name)) {
      return;
    }
    var subscribers = of(kind).get(name);
    subscribers.remove(client);
    if (subscribers.isEmpty()) {
      of(kind).remove(name);
      if (kind == Subscription.PATTERN) {
        globs.remove(name);
      }
    }
    if (client.subscriptions().isEmpty()) {
      client.subscriber(false);
    }
  }

  /** Ends all subscriptions of a client. */
  public void forget(Client client) {
    for (var kind : Subscription.values()) {
      if (client.subscribed(kind) > 0) {
        for (var name : List.copyOf(client.subscriptions().of(kind))) {
          unsubscribe(client, kind, name);
        }
      }
    }
  }

  /**
   * Sends a message to the subscribers of the channel, and to those of patterns that match it.
   *
   * @return how many got it; a client with several subscriptions that match counts for each
   */
  public int publish(ByteString channel, ByteString message) {
    int receivers = send("message", channels.getOrDefault(channel, NOBODY), channel, message);
    for (var entry : globs.entrySet()) {
      if (entry.getValue().matches(channel.bytes(), channel.length())) {
        var pattern = entry.getKey();
        for (Client to : patterns.get(pattern)) {
          pushes.send(
              to,
              IfNotDurable.DROP,
              reply -> {
                reply.push(4);
                reply.bulk("pmessage");
                reply.bulk(pattern.bytes());
                reply.bulk(channel.bytes());
                reply.bulk(message.bytes());
              });
          receivers++;
        }
      }
    }
    return receivers;
  }

  /** As {@link #publish}, for {@code SSUBSCRIBE}, which knows no patterns. */
  public int publishShard(ByteString channel, ByteString message) {
    return send("smessage", shardChannels.getOrDefault(channel, NOBODY), channel, message);
  }

  private int send(String word, Set<Client> subscribers, ByteString channel, ByteString message) {
    for (Client to : subscribers) {
      pushes.send(to, IfNotDurable.DROP, reply -> message(reply, word, channel, message));
    }
    return subscribers.size();
  }

  private static void message(Reply reply, String word, ByteString channel, ByteString message) {
    reply.push(3);
    reply.bulk(word);
    reply.bulk(channel.bytes());
    reply.bulk(message.bytes());
  }

  /** Number of names of a kind that have subscribers. */
  public int count(Subscription kind) {
    return of(kind).size();
  }

  /** Number of subscribers of one name. */
  public int subscribers(Subscription kind, ByteString name) {
    return of(kind).getOrDefault(name, NOBODY).size();
  }

  /** Names that have subscribers and match a pattern; null for all. */
  public List<ByteString> names(Subscription kind, Glob pattern) {
    var names = new ArrayList<ByteString>();
    for (var name : of(kind).keySet()) {
      if (pattern == null || pattern.matches(name.bytes(), name.length())) {
        names.add(name);
      }
    }
    return names;
  }
}
