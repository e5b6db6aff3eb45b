package dev.holdfast.engine.sim;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.server.SimEngine;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A whole server, its clients, its network, its disk and its clock, in one order out of one seed.
 * Clients check every reply. At calls to the disk the power goes, or the process is killed, on a
 * copy of the disk: a server that starts on it has to hold all that any client was told by then.
 */
final class SimRun {
  /** Every call may be a cut. */
  static final long ALL_CALLS = -1;

  private static final int STEPS = 500;
  private static final int WRITERS = 3;
  private static final int READERS = 3;
  private static final int CALLS_PER_CUT = 4;
  private static final int MOST_WAITING = 12;

  private final long seed;
  private final long onlyCall;
  private final boolean always;
  private final SplittableRandom random;
  private final SplittableRandom troubles;
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final SimStorage disk = new SimStorage();
  private final Storage seen;
  private final boolean slow;
  private final List<String> options;
  private final List<OwnDatabase> databases = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private SimClient admin;
  private SimEngine server;
  private boolean looking;

  /** Power cuts, and kills, that were looked at. */
  int cuts;

  int kills;

  /**
   * @param before what stands between the server and its disk
   * @param onlyCall the number of the call to look at, or {@link #ALL_CALLS}
   */
  SimRun(long seed, Function<SimStorage, Storage> before, long onlyCall) {
    this.seed = seed;
    this.onlyCall = onlyCall;
    this.random = new SplittableRandom(seed);
    this.troubles = new SplittableRandom(~seed);
    this.seen = before.apply(disk);
    this.always = seed % 4 != 3;
    this.slow = seed % 2 == 1;
    this.options =
        List.of(
            "--appendfsync",
            always ? "always" : seed % 8 == 3 ? "everysec" : "no",
            "--aof-checksum",
            seed % 5 == 4 ? "no" : "yes",
            "--aof-use-rdb-preamble",
            seed % 3 == 0 ? "no" : "yes",
            "--aof-fill-ahead",
            List.of("auto", "yes", "no").get((int) (seed % 7 % 3)));
    disk.writesPagesInAnyOrder(seed % 5 != 4);
  }

  /** Throws an {@link AssertionError} that names seed and call when a promise was not kept. */
  void run() {
    disk.fault(this::beforeCall);
    server = new SimEngine(seen, clock, seed, options);
    try {
      server.load();
      connect();
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      settle();
    } catch (AssertionError e) {
      throw e.getMessage().startsWith("seed ") ? e : failure(disk.calls(), e);
    } finally {
      looking = true;
      server.close();
    }
  }

  private void connect() {
    for (int i = 0; i < WRITERS; i++) {
      databases.add(new OwnDatabase(i));
      writers.add(new Writer(server.connect(), databases.get(i), random));
    }
    for (int i = 0; i < READERS; i++) {
      readers.add(new Reader(server.connect(), databases, random));
    }
    admin = new SimClient(server.connect());
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0, 1 -> {
        var writer = writers.get(random.nextInt(WRITERS));
        for (int i = random.nextInt(6); i >= 0 && writer.waiting() < MOST_WAITING; i--) {
          writer.write();
        }
      }
      case 2, 3 -> {
        var reader = readers.get(random.nextInt(READERS));
        for (int i = random.nextInt(3); i >= 0 && reader.waiting() < MOST_WAITING; i--) {
          reader.ask();
        }
      }
      case 4 -> clock.advanceMillis(random.nextInt(random.nextInt(20) == 0 ? 1_200 : 12));
      case 5 -> {
        if (random.nextInt(8) == 0) {
          admin.send(_ -> {}, "BGREWRITEAOF");
        }
      }
      default -> server.scheduler.step(random);
    }
    readAll();
  }

  /** Everything that was asked is answered in the end. */
  private void settle() {
    for (int i = 0; waiting() > 0; i++) {
      if (i > 10_000) {
        throw new AssertionError(waiting() + " commands were not answered");
      }
      clock.advanceMillis(1);
      server.scheduler.stepAll();
      readAll();
    }
  }

  private int waiting() {
    int waiting = 0;
    for (var writer : writers) {
      waiting += writer.waiting();
    }
    for (var reader : readers) {
      waiting += reader.waiting();
    }
    return waiting;
  }

  /** Bytes that left the server were told, however long they travel. */
  private void readAll() {
    writers.forEach(SimClient::read);
    readers.forEach(SimClient::read);
    if (admin != null) {
      admin.read();
    }
  }

  private void beforeCall(long number, String call, Path file) {
    if (looking) {
      return;
    }
    if (slow && (call.equals("sync") || call.equals("write")) && number / 64 % 2 == 1) {
      clock.advanceMillis(troubles.nextInt(50) == 0 ? troubles.nextInt(1_500) : 3);
    }
    if (troubles.nextBoolean()) {
      server.scheduler.stepLoopBeside();
    }
    boolean chosen = troubles.nextInt(CALLS_PER_CUT) == 0;
    if (onlyCall == ALL_CALLS ? chosen : onlyCall == number) {
      looking = true;
      try {
        lookAt(new SplittableRandom(seed * 1_000_003 + number));
      } catch (AssertionError e) {
        throw failure(number, e);
      } finally {
        looking = false;
      }
    }
  }

  private AssertionError failure(long call, AssertionError e) {
    return new AssertionError(
        "seed %d, call %d, %s: %s%nReplay with -Dholdfast.sim.replay=%d/%d"
            .formatted(seed, call, options, e.getMessage(), seed, call),
        e);
  }

  private void lookAt(SplittableRandom cutRandom) {
    readAll();
    if (always) {
      restart(disk.afterPowerCut(cutRandom), cutRandom.nextLong());
      cuts++;
    }
    if (!always || cutRandom.nextInt(4) == 0) {
      restart(disk.afterKill(), cutRandom.nextLong());
      kills++;
    }
  }

  private void restart(SimStorage left, long nextSeed) {
    try (var next = new SimEngine(left, clock.copy(), nextSeed, options).load()) {
      for (var database : databases) {
        var found = contents(next, database.number);
        if (database.firstFrom(database.told(), found::equals) < 0) {
          throw new AssertionError(
              "database %d holds %s after the restart, which was never so between moments %d (told) and %d (sent); at the first of them %s"
                  .formatted(
                      database.number,
                      found,
                      database.told(),
                      database.last(),
                      database.at(database.told())));
        }
      }
    }
  }

  private static Map<String, String> contents(SimEngine next, int database) {
    var client = new SimClient(next.connect());
    var contents = new TreeMap<String, String>();
    client.send("+OK", "SELECT", Integer.toString(database));
    for (var key : Writer.allKeys()) {
      client.send(
          value -> {
            if (!value.equals("nil")) {
              contents.put(key, value);
            }
          },
          "GET",
          key);
    }
    client.send(size -> SimClient.expect(":" + contents.size(), size, "DBSIZE"), "DBSIZE");
    for (int i = 0; client.waiting() > 0; i++) {
      if (i > 10_000) {
        throw new AssertionError("a started server does not answer");
      }
      next.scheduler.stepAll();
      client.read();
    }
    return contents;
  }
}
