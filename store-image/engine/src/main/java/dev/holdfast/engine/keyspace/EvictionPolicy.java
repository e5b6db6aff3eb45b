package dev.holdfast.engine.keyspace;

/** The values of {@code maxmemory-policy}. */
public enum EvictionPolicy {
  NOEVICTION("noeviction", false),
  ALLKEYS_LRU("allkeys-lru", false),
  ALLKEYS_LFU("allkeys-lfu", false),
  ALLKEYS_RANDOM("allkeys-random", false),
  VOLATILE_LRU("volatile-lru", true),
  VOLATILE_LFU("volatile-lfu", true),
  VOLATILE_RANDOM("volatile-random", true),
  VOLATILE_TTL("volatile-ttl", true);

  private final String word;
  private final boolean volatileOnly;

  EvictionPolicy(String word, boolean volatileOnly) {
    this.word = word;
    this.volatileOnly = volatileOnly;
  }

  /** The word as in the configuration. */
  public String word() {
    return word;
  }

  /** Whether only keys with an expiry may go. */
  public boolean volatileOnly() {
    return volatileOnly;
  }

  /** Whether records keep a frequency (and not a time) in their access bits. */
  public boolean isLfu() {
    return this == ALLKEYS_LFU || this == VOLATILE_LFU;
  }
}
