package dev.holdfast.operator.store.observe;

import java.util.Set;

/**
 * Where a store's server is, and what to ask it.
 *
 * @param directives whose live values are wanted
 */
public record PollTarget(
    String podUid, String host, int port, int healthPort, String password, Set<String> directives) {

  public PollTarget {
    directives = Set.copyOf(directives);
  }

  /** Without the password, so that it never reaches a log. */
  @Override
  public String toString() {
    return "pod " + podUid + " at " + host + ":" + port;
  }
}
