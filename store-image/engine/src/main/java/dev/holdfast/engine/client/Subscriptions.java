package dev.holdfast.engine.client;

import dev.holdfast.engine.memory.ByteString;
import java.util.LinkedHashSet;
import java.util.Set;

/** What one client is subscribed to, by kind and in order of subscription. */
public final class Subscriptions {
  private final Set<ByteString> channels = new LinkedHashSet<>();
  private final Set<ByteString> patterns = new LinkedHashSet<>();
  private final Set<ByteString> shardChannels = new LinkedHashSet<>();

  public Set<ByteString> of(Subscription kind) {
    return switch (kind) {
      case CHANNEL -> channels;
      case PATTERN -> patterns;
      case SHARD_CHANNEL -> shardChannels;
    };
  }

  public int count(Subscription kind) {
    return of(kind).size();
  }

  public boolean isEmpty() {
    return channels.isEmpty() && patterns.isEmpty() && shardChannels.isEmpty();
  }
}
