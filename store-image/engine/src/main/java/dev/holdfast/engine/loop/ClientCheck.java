package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.ClientClass;
import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.OutputGuard;

/** Looks after clients that say nothing: idle ones, and those that do not read. */
final class ClientCheck {
  private static final long SECOND = 1_000_000_000L;

  private final Clients clients;
  private final LoopStats stats;
  private final ClientLog log;
  private final OutputGuard guard;

  ClientCheck(Clients clients, LoopStats stats, ClientLog log) {
    this.clients = clients;
    this.stats = stats;
    this.log = log;
    this.guard = new OutputGuard(clients.settings(), log);
  }

  void run(long nowNanos) {
    clients.forEach(
        client -> {
          if (isIdle(client, nowNanos)) {
            log.verbose("Closing idle client");
            clients.kill(client);
          } else if (guard.exceeded(client, nowNanos)) {
            stats.outputBufferDisconnections++;
            clients.kill(client);
          }
        });
  }

  private boolean isIdle(Client client, long nowNanos) {
    int seconds = clients.settings().idleSeconds;
    return seconds > 0
        && client.type == ClientClass.NORMAL
        && !client.isMonitor()
        && !client.isBlocked()
        && nowNanos - client.lastActiveNanos() > seconds * SECOND;
  }
}
