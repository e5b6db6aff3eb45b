package dev.holdfast.engine.command;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.protocol.Args;
import java.util.function.Consumer;

/**
 * Knows HTTP that was sent to the store's port: a web page can make a browser send a request to any
 * address that the browser reaches, and its body may hold commands. The words with which such a
 * request begins are no commands, and the connection is closed before anything else of it is read.
 */
public final class CrossProtocol {
  private static final long WARN_EVERY_NANOS = 60_000_000_000L;

  private final Clock clock;
  private final Consumer<String> warning;
  private long warnedAt;

  /**
   * @param warning hears of attempts, at most once a minute
   */
  public CrossProtocol(Clock clock, Consumer<String> warning) {
    this.clock = clock;
    this.warning = warning;
    this.warnedAt = clock.monotonicNanos() - WARN_EVERY_NANOS;
  }

  /** Whether these are words of HTTP; then the client is closed, without a reply. */
  boolean closes(Client client, Args args) {
    if (!args.is(0, "POST") && !args.is(0, "HOST:")) {
      return false;
    }
    client.closeAfterReplies();
    long now = clock.monotonicNanos();
    if (now - warnedAt >= WARN_EVERY_NANOS) {
      warnedAt = now;
      warning.accept(
          "Possible SECURITY ATTACK detected. Somebody sends POST or Host: to this port, as a browser does that was tricked into it (cross-protocol scripting). Connection from "
              + client.address()
              + " aborted.");
    }
    return true;
  }
}
