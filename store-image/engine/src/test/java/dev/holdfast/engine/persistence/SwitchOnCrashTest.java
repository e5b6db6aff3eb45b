package dev.holdfast.engine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.aof.Fsync;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.storage.PowerCut;
import dev.holdfast.engine.storage.SimStorage;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power goes, or the process is killed, while {@code CONFIG SET appendonly yes} makes the first
 * AOF.
 */
class SwitchOnCrashTest {
  private static final int SEEDS = 20;

  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private final PersistenceSettings settings = new PersistenceSettings();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNextStartComesUpEmptyOrWithEverythingFromThatMomentOn(boolean kill) throws Exception {
    settings.fsync = Fsync.ALWAYS;
    int found = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      long calls = crash(seed, Long.MAX_VALUE, kill);
      for (long call = 0; call < calls; call++) {
        try {
          crash(seed, call, kill);
          found++;
        } catch (LoadException | AssertionError e) {
          throw new AssertionError("seed %d call %d: %s".formatted(seed, call, e.getMessage()), e);
        }
      }
    }
    assertThat(found).isGreaterThan(200);
  }

  private long crash(long seed, long atCall, boolean kill) throws Exception {
    var storage = new SimStorage();
    storage.fault(
        (number, _, _) -> {
          if (number == atCall) {
            throw storage.cutPower();
          }
        });
    var random = new SplittableRandom(seed);
    var states = new History(Map.of());
    boolean inForce = false;
    try (var server = new SimServer(storage, clock, settings)) {
      try {
        server.load(false);
        for (int i = 0; i < 30; i++) {
          if (i == 10) {
            assertThat(server.persistence.appendOnly(true)).isNull();
          }
          var words = List.of("APPEND", "k" + random.nextInt(5), "v" + i);
          server.execute(0, words);
          states.did(
              List.of(new History.Effect(0, words)),
              clock.wallMillis(),
              server.persistence.log().appendedOffset());
          server.persistence.log().endOfIteration();
          inForce =
              server.persistence.appendOnly() && !server.persistence.info().firstBasePending();
          if (inForce) {
            states.released(server.persistence.log().releasedOffset());
          }
          server.persistence.doWork();
          server.stepAgents();
        }
      } catch (PowerCut expected) {
        assertThat(atCall).isLessThan(Long.MAX_VALUE);
      }
    }
    var left = kill ? storage.afterKill() : storage.afterPowerCut(random);
    try (var next = new SimServer(left, clock, settings).load(true)) {
      var contents = next.contents();
      if (inForce || !contents.isEmpty()) {
        assertThat(states.prefixThatGives(contents, states.acknowledged()))
            .as("found %s", contents)
            .isNotNegative();
      }
    }
    return storage.calls();
  }
}
