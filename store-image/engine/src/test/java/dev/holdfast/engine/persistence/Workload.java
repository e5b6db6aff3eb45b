package dev.holdfast.engine.persistence;

import dev.holdfast.engine.persistence.History.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Clients, loop, writer and snapshot of one server in an order that follows from a seed: writes,
 * transactions, rewrites, saves, pauses of any agent.
 */
final class Workload {
  private static final int KEYS = 12;

  private final SimServer server;
  private final SplittableRandom random;
  private final boolean steady;
  final History history;
  private long unique;

  /**
   * @param steady no agent rests while there is work, as on a machine that is not overloaded
   */
  Workload(SimServer server, long seed, boolean steady) {
    this.server = server;
    this.steady = steady;
    this.random = new SplittableRandom(seed);
    this.history = new History(server.contents());
  }

  void run(int iterations) {
    for (int i = 0; i < iterations; i++) {
      iteration();
    }
  }

  void iteration() {
    server.clock.advanceMillis(random.nextInt(40));
    commandThread();
    server.persistence.cron();
    if (steady) {
      server.stepAgentsBesideTheLoop();
    }
    int steps = random.nextInt(5);
    for (int i = 0; i < steps; i++) {
      server.persistence.doWork();
      server.stepSomeAgent(random);
    }
  }

  /** What the command thread does while an agent is in the middle of a call to the disk. */
  void meanwhile() {
    if (random.nextInt(4) == 0) {
      commandThread();
    }
  }

  private void commandThread() {
    var log = server.persistence.log();
    if (!log.parkWriters() && server.persistence.writeRefusal() == null) {
      int clients = random.nextInt(4);
      for (int i = 0; i < clients; i++) {
        operation();
      }
    }
    switch (random.nextInt(40)) {
      case 0 -> server.persistence.startRewrite();
      case 1 -> server.persistence.startSave(true);
      default -> {}
    }
    log.endOfIteration();
    if (log.failureOfHeld() != null) {
      history.failed(log.releasedOffset());
    } else {
      history.released(log.releasedOffset());
    }
  }

  private void operation() {
    var effects = new ArrayList<Effect>();
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1;
    for (int i = 0; i < count; i++) {
      effects.add(effect());
    }
    var log = server.persistence.log();
    boolean transaction = count > 1 || random.nextInt(8) == 0;
    if (transaction) {
      log.begin();
    }
    for (var effect : effects) {
      server.execute(effect.db(), effect.words());
    }
    if (transaction) {
      log.end();
    }
    history.did(effects, server.clock.wallMillis(), log.appendedOffset());
  }

  private Effect effect() {
    int db = random.nextInt(SimServer.DATABASES);
    var key = "key" + random.nextInt(KEYS);
    var value = "v" + unique++;
    return new Effect(
        db,
        switch (random.nextInt(60)) {
          case 0 -> List.of("FLUSHALL");
          case 1, 2 -> List.of("SWAPDB", "0", "" + (1 + random.nextInt(2)));
          case 3, 4, 5, 6, 7, 8 -> List.of("DEL", key);
          case 9, 10, 11, 12 -> List.of("PEXPIREAT", key, "" + (1_800_000_000_000L + unique));
          case 13, 14 -> List.of("SET", key, value + "x".repeat(random.nextInt(3000)));
          case 15, 16, 17, 18, 19, 20, 21, 22, 23, 24 -> List.of("SET", key, value);
          default -> List.of("APPEND", key, value + ",");
        });
  }
}
