package dev.holdfast.engine.command;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counters of {@code INFO stats}, cleared by {@code CONFIG RESETSTAT}. Owned by the command thread.
 */
public final class ServerStats {
  /**
   * Error codes beyond this many are not told apart, so that a script cannot fill the memory with
   * them.
   */
  private static final int MOST_ERROR_CODES = 128;

  public long commands;
  public long expiredKeys;
  public long evictedKeys;
  public long keyspaceHits;
  public long keyspaceMisses;
  public long errorReplies;
  public long unexpectedErrorReplies;
  public long evictionNanos;
  public long expiryNanos;
  public long longestStallMicros;

  private final Map<String, Long> errors = new TreeMap<>();

  /** Counts an error reply by its first word. */
  void error(String reply) {
    errorReplies++;
    int space = reply.indexOf(' ');
    String code = space < 0 ? reply : reply.substring(0, space);
    if (errors.size() < MOST_ERROR_CODES || errors.containsKey(code)) {
      errors.merge(code, 1L, Long::sum);
    }
  }

  /** Error replies by their first word. */
  public Map<String, Long> errors() {
    return errors;
  }

  /** Sets everything to zero. */
  public void reset() {
    commands = 0;
    expiredKeys = 0;
    evictedKeys = 0;
    keyspaceHits = 0;
    keyspaceMisses = 0;
    errorReplies = 0;
    unexpectedErrorReplies = 0;
    evictionNanos = 0;
    expiryNanos = 0;
    longestStallMicros = 0;
    errors.clear();
  }
}
