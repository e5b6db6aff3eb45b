package dev.holdfast.operator.store.observe;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What became of the settings that were sent to servers with {@code CONFIG SET}. It lives in memory
 * only: after a restart of the operator a setting that still differs is simply sent again.
 */
public final class SettingAttempts {

  /**
   * One setting that was sent.
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

  /** Notes what became of a setting. */
  public void note(ResourceID store, String podUid, String directive, Attempt attempt) {
    attempts
        .keySet()
        .removeIf(server -> server.store().equals(store) && !server.podUid().equals(podUid));
    attempts
        .computeIfAbsent(new Server(store, podUid), server -> new ConcurrentHashMap<>())
        .put(directive, attempt);
  }

  /** The last attempt for each directive on that pod's server. */
  public Map<String, Attempt> of(ResourceID store, String podUid) {
    return new HashMap<>(attempts.getOrDefault(new Server(store, podUid), Map.of()));
  }

  /** Forgets a store. */
  public void forget(ResourceID store) {
    attempts.keySet().removeIf(server -> server.store().equals(store));
  }
}
