package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.FillPolicy;
import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.memory.Slabs;
import dev.holdfast.engine.storage.PowerCut;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * One workload with rewrites and saves on a simulated disk, all of it from one seed. At every call
 * to the disk the power goes, or the process is killed, several times over: what the disk may hold
 * then is copied, a server starts on the copy, and what it finds is compared with what was promised
 * to clients by that moment; the lines of the log must not have called anything durable that the
 * disk might still lose; the workload itself goes on. So one run gives thousands of cuts, and one
 * of them is found again by its seed and the number of the call.
 */
final class CrashRun {
  /** Every call is looked at. */
  static final long ALL_CALLS = -1;

  private static final int ITERATIONS = 80;
  private static final int CUTS_AT_A_CALL = 2;
  private static final int CALLS_OF_A_RECOVERY = 40;
  private static final int LONGEST_TEAR = 300;

  /** Loop iterations of the simulation take up to 40 ms: so exact is the bound of one second. */
  private static final long LOST_MILLIS = 1_000 + 40;

  private enum Disk {
    FAST,
    SLOW,
    FAILING
  }

  private final Fsync policy;
  private final long seed;
  private final long onlyCall;
  private final Disk kind;
  private final boolean steady;
  private final PersistenceSettings settings = new PersistenceSettings();
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final SimStorage disk = new SimStorage();
  private final Claims claims = new Claims(disk);
  private final Storage seen;
  private final Slabs slabs = new Slabs();
  private final SplittableRandom troubles;

  private SimServer server;
  private Workload workload;
  private Path written;
  private final CutCount count = new CutCount();

  /**
   * @param before what stands between the server and its disk
   * @param onlyCall the number of the call to look at, or {@link #ALL_CALLS}
   */
  CrashRun(Fsync policy, long seed, Function<SimStorage, Storage> before, long onlyCall) {
    this.policy = policy;
    this.seed = seed;
    this.onlyCall = onlyCall;
    this.kind = Disk.values()[(int) (seed % Disk.values().length)];
    this.steady = kind == Disk.FAST && seed % 2 == 0;
    this.seen = before.apply(disk);
    this.troubles = new SplittableRandom(~seed);
    settings.fsync = policy;
    settings.rdbPreamble = seed / 3 % 2 == 0;
    settings.timestamps = seed / 6 % 3 == 0;
    // By a number that has no factor in common with the others, so that all go together.
    settings.fillAhead = FillPolicy.values()[(int) (seed % 7 % FillPolicy.values().length)];
    settings.fillStepBytes = 300;
    settings.aofChecksum = seed % 5 != 4;
    if (settings.aofChecksum) {
      count.fillAhead.add(settings.fillAhead);
    }
    // What a stock server writes cannot tell a page that never came from one that was written.
    disk.writesPagesInAnyOrder(settings.aofChecksum);
  }

  CutCount count() {
    return count;
  }

  /** Throws an {@link AssertionError} that names the call when a promise was not kept. */
  void run() throws LoadException {
    disk.fault(this::beforeCall);
    keepSlabs();
    server = new SimServer(disk, seen, clock, settings, slabs);
    try {
      server.load(true);
      workload = new Workload(server, seed, steady);
      workload.run(ITERATIONS);
    } finally {
      server.close();
      slabs.close();
    }
  }

  /** A block of each size, so that the memory of one server is there for the next one. */
  private void keepSlabs() {
    for (int bytes = 8; bytes <= 8 << 10; bytes += Math.max(8, bytes / 8)) {
      slabs.allocate(bytes);
    }
  }

  private void beforeCall(long number, String call, Path file) throws IOException {
    if (workload != null) {
      server.besideAgent(workload::meanwhile);
    }
    if (onlyCall == ALL_CALLS || onlyCall == number) {
      cutsAt(number);
    }
    switch (call) {
      case "write" -> written = file;
      case "fill" -> count.filled.add(settings.fillAhead);
      default -> {}
    }
    if (workload != null) {
      trouble(number, call, file);
    }
  }

  private void trouble(long number, String call, Path file) throws IOException {
    boolean works = call.equals("sync") || call.equals("write");
    switch (kind) {
      case FAST -> {}
      case SLOW -> {
        // Fast and slow in turns, so that the work changes between the threads.
        if (works && number / 64 % 2 == 1) {
          clock.advanceMillis(troubles.nextInt(50) == 0 ? troubles.nextInt(1_500) : 3);
        }
      }
      case FAILING -> {
        switch (troubles.nextInt(100)) {
          case 0 -> throw new StorageException(call, file, "Input/output error");
          case 1 -> disk.free(troubles.nextInt(200));
          case 2, 3, 4 -> disk.free(Long.MAX_VALUE);
          default -> {}
        }
      }
    }
  }

  // ---- cuts at one call

  private void cutsAt(long number) {
    var random = new SplittableRandom(seed * 1_000_003 + number);
    var history = workload == null ? new History(Map.of()) : workload.history;
    int promised = promised(history);
    try {
      claims.check();
      for (int i = 0; i < CUTS_AT_A_CALL; i++) {
        restart(disk.afterPowerCut(random), history, promised, random, false);
        count.powerCuts++;
      }
      if (random.nextInt(2) == 0) {
        restart(disk.afterKill(), history, history.acknowledged(), random, true);
        count.kills++;
      }
      if (random.nextInt(8) == 0 && written != null && disk.exists(written)) {
        tearAtEveryByte(history, promised, random);
      }
    } catch (LoadException | RuntimeException | AssertionError e) {
      throw new AssertionError(
          "%s, seed %d (%s disk), call %d: %s%nReplay with -Dholdfast.cuts.replay=%s/%d/%d"
              .formatted(policy, seed, kind, number, e.getMessage(), policy, seed, number),
          e);
    }
  }

  private void tearAtEveryByte(History history, int promised, SplittableRandom random)
      throws LoadException {
    int unsynced = disk.unsynced(written);
    if (unsynced > LONGEST_TEAR) {
      return;
    }
    for (int bytes = 0; bytes <= unsynced; bytes++) {
      restart(disk.afterTear(random, written, bytes), history, promised, random, false);
      count.tears++;
    }
  }

  private int promised(History history) {
    return switch (policy) {
      case ALWAYS -> history.acknowledged();
      case EVERYSEC ->
          history.answeredBefore(
              (steady ? clock.wallMillis() : history.lastMillis()) - LOST_MILLIS);
      case NO -> 0;
    };
  }

  /** Starts on what is left; now and then the power goes or the process dies again meanwhile. */
  private void restart(
      SimStorage left, History history, int promised, SplittableRandom random, boolean kill)
      throws LoadException {
    var now = clock.copy();
    var found = left;
    if (random.nextInt(6) == 0) {
      long end = random.nextInt(CALLS_OF_A_RECOVERY);
      left.fault(
          (number, call, _) -> {
            if (number >= end && changes(call)) {
              throw left.cutPower();
            }
          });
      try {
        recovered(left, now, history, promised).close();
        // The start made fewer calls than that, so it ended well and nothing was cut.
        found = left.afterKill();
      } catch (PowerCut expected) {
        found = kill ? left.afterKill() : left.afterPowerCut(random);
        if (kill) {
          count.kills++;
        } else {
          count.second++;
        }
      }
    }
    try (var next = recovered(found, now, history, promised)) {
      if (random.nextInt(8) == 0) {
        lifeGoesOn(next, now, random.nextLong());
      }
    }
  }

  /** A cut at a call that only reads leaves what the next one leaves. */
  private static boolean changes(String call) {
    return switch (call) {
      case "open", "read", "list" -> false;
      default -> true;
    };
  }

  private SimServer recovered(SimStorage left, SteppingClock now, History history, int promised)
      throws LoadException {
    var next = new SimServer(left, left, now, settings, slabs);
    boolean good = false;
    try {
      next.load(true);
      var contents = next.contents();
      if (history.prefixThatGives(contents, promised) < 0) {
        throw new AssertionError(
            "promised %d of %d operations (%d acknowledged): %s%nfound after the restart: %s%nfiles %s"
                .formatted(
                    promised,
                    history.size(),
                    history.acknowledged(),
                    history.stateAfter(promised),
                    contents,
                    left.paths()));
      }
      good = true;
      return next;
    } finally {
      if (!good) {
        next.close();
      }
    }
  }

  /** After recovery the store works on: writes, rewrites, ends, and comes back once more. */
  private void lifeGoesOn(SimServer next, SteppingClock now, long nextSeed) throws LoadException {
    var itsClaims = new Claims(next.storage);
    next.storage.fault((_, _, _) -> itsClaims.check());
    var more = new Workload(next, nextSeed, false);
    more.run(5);
    next.settle();
    next.persistence.startRewrite();
    more.run(5);
    next.settle();
    if (nextSeed % 2 == 0) {
      recovered(next.storage.afterKill(), now, more.history, more.history.size()).close();
      count.kills++;
      return;
    }
    next.persistence.shutdown(Persistence.SaveOnShutdown.NO_SAVE);
    itsClaims.check();
    var random = new SplittableRandom(nextSeed);
    recovered(next.storage.afterPowerCut(random), now, more.history, more.history.size()).close();
    count.powerCuts++;
  }
}
