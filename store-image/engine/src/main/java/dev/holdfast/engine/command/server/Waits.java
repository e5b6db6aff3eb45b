package dev.holdfast.engine.command.server;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.Blocked;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.connection.Timeouts;
import java.util.function.BooleanSupplier;

/**
 * {@code WAIT} and {@code WAITAOF}. There are no replicas, so waiting for one ends with the time.
 */
public final class Waits {
  private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

  private final Clients clients;
  private final EffectLog log;
  private final Clock clock;
  private final BooleanSupplier appendOnly;

  /**
   * @param appendOnly whether there is an AOF that writes can be on the disk with
   */
  public Waits(Clients clients, EffectLog log, Clock clock, BooleanSupplier appendOnly) {
    this.clients = clients;
    this.log = log;
    this.clock = clock;
    this.appendOnly = appendOnly;
  }

  void waitForReplicas(Call call) {
    long replicas = call.integer(1);
    long millis = Timeouts.millis(call, 2);
    if (replicas <= 0 || call.inTransaction()) {
      call.reply().integer(0);
      return;
    }
    block(call, millis, new Never());
  }

  void waitForDisk(Call call) {
    long local = call.integer(1);
    if (local < 0 || local > 1) {
      throw new Fault("ERR value is out of range, value must between 0 and 1");
    }
    long replicas = call.integer(2, NOT_POSITIVE);
    if (replicas < 0) {
      throw new Fault(NOT_POSITIVE);
    }
    long millis = Timeouts.millis(call, 3);
    if (local > 0 && !appendOnly.getAsBoolean()) {
      throw new Fault(
          "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
    }
    var wait = new DiskWait(local, replicas);
    if (call.inTransaction() || wait.isOver(call.client())) {
      wait.reply(call.client());
      return;
    }
    block(call, millis, wait);
  }

  private void block(Call call, long millis, Blocked wait) {
    clients.block(
        call.client(), wait, millis == 0 ? Long.MAX_VALUE : Timeouts.until(clock, millis));
  }

  /** For replicas, which do not exist. */
  private static final class Never implements Blocked {
    @Override
    public boolean tryFinish(Client client) {
      return false;
    }

    @Override
    public void timedOut(Client client) {
      client.reply().integer(0);
    }
  }

  private final class DiskWait implements Blocked {
    private final long local;
    private final long replicas;

    DiskWait(long local, long replicas) {
      this.local = local;
      this.replicas = replicas;
    }

    boolean isOver(Client client) {
      return replicas == 0 && durable(client) >= local;
    }

    private long durable(Client client) {
      return appendOnly.getAsBoolean() && log.durableOffset() >= client.lastWriteOffset ? 1 : 0;
    }

    void reply(Client client) {
      client.reply().array(2);
      client.reply().integer(durable(client));
      client.reply().integer(0);
    }

    @Override
    public boolean tryFinish(Client client) {
      if (!isOver(client)) {
        return false;
      }
      reply(client);
      return true;
    }

    @Override
    public void timedOut(Client client) {
      reply(client);
    }
  }
}
