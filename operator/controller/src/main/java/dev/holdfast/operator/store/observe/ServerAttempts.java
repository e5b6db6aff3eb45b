package dev.holdfast.operator.store.observe;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What became of what was sent to servers: settings under their directive, the last rewrite under
 * {@link #REWRITE}. It lives in memory only: after a restart of the operator, what still differs is
 * simply sent again.
 */
public final class ServerAttempts {

  /**
   * Where the last rewrite is noted, with the text of its request. No directive is written in
   * capitals.
   */
  public static final String REWRITE = "BGREWRITEAOF";

  /**
   * One thing that was sent.
   *
   * @param wanted the value as it was sent
   * @param live the value that {@code CONFIG GET} gave right after; a server may write a value in
   *     its own way
   * @param refusal the server's words when it refused, otherwise empty
   */
  public record Attempt(String wanted, String live, String refusal, Instant time) {
    /** Whether the server took it. */
    public boolean accepted() {
      return refusal.isEmpty();
    }
  }

  private record Server(ResourceID store, String podUid) {}

  private final Map<Server, Map<String, Attempt>> attempts = new ConcurrentHashMap<>();

  /** Notes what became of something that was sent. */
  public void note(ResourceID store, String podUid, String what, Attempt attempt) {
    attempts
        .keySet()
        .removeIf(server -> server.store().equals(store) && !server.podUid().equals(podUid));
    attempts
        .computeIfAbsent(new Server(store, podUid), server -> new ConcurrentHashMap<>())
        .put(what, attempt);
  }

  /** The last attempts on that pod's server. */
  public Map<String, Attempt> of(ResourceID store, String podUid) {
    return new HashMap<>(attempts.getOrDefault(new Server(store, podUid), Map.of()));
  }

  /** Forgets a store. */
  public void forget(ResourceID store) {
    attempts.keySet().removeIf(server -> server.store().equals(store));
  }
}
