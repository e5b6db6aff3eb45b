package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.PowerCut;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.StorageException;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power, or kills the process, at every call to the disk of random workloads with rewrites
 * and saves, restarts on what is left, and compares with what was promised. A failure names its
 * seed and call, which play the same way again.
 */
class CrashTest {
  private static final int SEEDS = Integer.getInteger("holdfast.crash.seeds", 2);
  private static final int ITERATIONS = 100;

  /** The step of the simulated clock is what the bound of one second is exact to. */
  private static final long LOST_MILLIS = 1_000 + 40;

  private enum End {
    POWER_CUT,
    KILL
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aPowerCutAtAnyCallLosesOnlyWhatWasNotPromised(Fsync policy) throws Exception {
    everyCall(policy, End.POWER_CUT);
  }

  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aKillAtAnyCallLosesNothingThatWasAcknowledged(Fsync policy) throws Exception {
    everyCall(policy, End.KILL);
  }

  /** Any call may fail, the disk is full for a while, and then the power goes. */
  @ParameterizedTest
  @EnumSource(Fsync.class)
  void aDiskThatFailsNowAndThenTakesNothingBackThatWasPromised(Fsync policy) throws Exception {
    for (long seed = 1; seed <= SEEDS * 100L; seed++) {
      try {
        failingDisk(policy, seed);
      } catch (LoadException | RuntimeException | AssertionError e) {
        throw new AssertionError(
            "%s failing disk seed %d: %s".formatted(policy, seed, e.getMessage()), e);
      }
    }
  }

  private static void failingDisk(Fsync policy, long seed) throws Exception {
    var random = new SplittableRandom(seed);
    var storage = new SimStorage();
    var clock = new SteppingClock(1_700_000_000_000L, 1_000);
    var settings = settings(policy, seed);
    long end = 50 + random.nextInt(400);
    History history = null;
    try (var server = new SimServer(storage, clock, settings)) {
      try {
        server.load(true);
        var workload = new Workload(server, seed);
        history = workload.history;
        storage.fault(
            (number, call, file) -> {
              server.besideAgent(workload::meanwhile);
              if (number == end) {
                throw storage.cutPower();
              }
              switch (random.nextInt(100)) {
                case 0 -> throw new StorageException(call, file, "Input/output error");
                case 1 -> storage.free(random.nextInt(200));
                case 2, 3, 4 -> storage.free(Long.MAX_VALUE);
                default -> {}
              }
            });
        workload.run(2_000);
      } catch (PowerCut expected) {
        assertThat(storage.calls()).isGreaterThan(end);
      }
    }
    var left = storage.afterPowerCut(random);
    try (var next =
        recover(left, clock, settings, history, promised(history, policy, End.POWER_CUT))) {
      lifeGoesOn(next, clock, settings, seed);
    }
  }

  private static void everyCall(Fsync policy, End end) throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      long calls = crash(policy, end, seed, Long.MAX_VALUE);
      assertThat(calls).isGreaterThan(100);
      for (long call = 0; call < calls; call++) {
        try {
          crash(policy, end, seed, call);
        } catch (LoadException | RuntimeException | AssertionError e) {
          throw new AssertionError(
              "%s %s seed %d call %d: %s".formatted(policy, end, seed, call, e.getMessage()), e);
        }
      }
    }
  }

  /** Returns how many calls there were. */
  private static long crash(Fsync policy, End end, long seed, long atCall) throws Exception {
    var random = new SplittableRandom(seed * 1_000_003 + atCall);
    var storage = new SimStorage();
    var clock = new SteppingClock(1_700_000_000_000L, 1_000);
    var concurrently = new Runnable[] {() -> {}};
    cutAt(storage, atCall, clock, () -> concurrently[0].run());
    var settings = settings(policy, seed);

    History history = null;
    try (var first = new SimServer(storage, clock, settings)) {
      try {
        first.load(true);
        var workload = new Workload(first, seed);
        history = workload.history;
        concurrently[0] = () -> first.besideAgent(workload::meanwhile);
        workload.run(ITERATIONS);
      } catch (PowerCut expected) {
        assertThat(atCall).isLessThan(Long.MAX_VALUE);
      }
    }
    var left = end == End.KILL ? storage.afterKill() : storage.afterPowerCut(random);
    if (history == null) {
      recover(left, clock, settings, new History(java.util.Map.of()), 0).close();
      return storage.calls();
    }
    int promised = promised(history, policy, end);

    // A second end of the same kind while it recovers must not make it worse.
    cutAt(left, random.nextInt(40), clock, () -> {});
    try {
      recover(left, clock, settings, history, promised).close();
      left = left.afterKill();
    } catch (PowerCut expected) {
      left = end == End.KILL ? left.afterKill() : left.afterPowerCut(random);
    }
    try (var next = recover(left, clock, settings, history, promised)) {
      lifeGoesOn(next, clock, settings, seed);
    }
    return storage.calls();
  }

  private static int promised(History history, Fsync policy, End end) {
    if (end == End.KILL || policy == Fsync.ALWAYS) {
      return history.acknowledged();
    }
    return policy == Fsync.EVERYSEC ? history.olderThan(LOST_MILLIS) : 0;
  }

  private static SimServer recover(
      SimStorage left,
      SteppingClock clock,
      PersistenceSettings settings,
      History history,
      int promised)
      throws LoadException {
    var server = new SimServer(left, clock, settings);
    boolean loaded = false;
    try {
      server.load(true);
      int found = history.prefixThatGives(server.contents(), promised);
      if (found < 0) {
        fail(
            "promised %d of %d operations (%d acknowledged), found %s, promised was %s; files %s"
                .formatted(
                    promised,
                    history.size(),
                    history.acknowledged(),
                    server.contents(),
                    history.stateAfter(promised),
                    left.paths()));
      }
      loaded = true;
      return server;
    } finally {
      if (!loaded) {
        server.close();
      }
    }
  }

  /** After recovery the store works on: writes, rewrites, and comes back once more. */
  private static void lifeGoesOn(
      SimServer server, SteppingClock clock, PersistenceSettings settings, long seed)
      throws LoadException {
    var workload = new Workload(server, seed + 77);
    workload.run(10);
    server.settle();
    server.persistence.startRewrite();
    workload.run(5);
    server.settle();
    var left = server.storage.afterKill();
    recover(left, clock, settings, workload.history, workload.history.size()).close();
  }

  /** The disk is fast and slow in turns, so that the work changes between the threads. */
  private static void cutAt(SimStorage storage, long call, SteppingClock clock, Runnable beside) {
    storage.fault(
        (number, name, _) -> {
          boolean slow = number / 64 % 2 == 1;
          if (slow && (name.equals("sync") || name.equals("write"))) {
            clock.advanceMillis(3);
          }
          beside.run();
          if (number == call) {
            throw storage.cutPower();
          }
        });
  }

  private static PersistenceSettings settings(Fsync policy, long seed) {
    var settings = new PersistenceSettings();
    settings.fsync = policy;
    settings.rdbPreamble = seed % 2 == 0;
    settings.timestamps = seed % 3 == 0;
    return settings;
  }
}
