package dev.holdfast.engine.client;

/** Watches that no client lets more wait than {@code client-output-buffer-limit} allows. */
public final class OutputGuard {
  private static final long SECOND = 1_000_000_000L;

  private final ClientSettings settings;
  private final ClientLog log;

  public OutputGuard(ClientSettings settings, ClientLog log) {
    this.settings = settings;
    this.log = log;
  }

  /** Whether the client has to be closed now; a log line says so. */
  public boolean exceeded(Client client, long nowNanos) {
    var limit = settings.outputLimit(client.type);
    var output = client.output();
    output.limit(limit.hard() > 0 ? limit.hard() : Long.MAX_VALUE);
    long waiting = output.pending();
    boolean hard = output.overflowed() || limit.hard() > 0 && waiting >= limit.hard();
    if (!hard && !softExceeded(client, limit, waiting, nowNanos)) {
      return false;
    }
    log.warning(
        "Client %s scheduled to be closed ASAP for overcoming of output buffer limits."
            .formatted(client.describe()));
    return true;
  }

  private static boolean softExceeded(
      Client client, OutputLimit limit, long waiting, long nowNanos) {
    if (limit.soft() <= 0 || waiting < limit.soft()) {
      client.overSoftLimit = false;
      return false;
    }
    if (!client.overSoftLimit) {
      client.overSoftLimit = true;
      client.overSoftLimitSince = nowNanos;
      return false;
    }
    return nowNanos - client.overSoftLimitSince > limit.softSeconds() * SECOND;
  }
}
