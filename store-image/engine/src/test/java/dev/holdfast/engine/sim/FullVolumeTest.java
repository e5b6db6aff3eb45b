package dev.holdfast.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.server.SimEngine;
import dev.holdfast.engine.storage.SimStorage;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the clients of a whole server see while its volume is full. */
class FullVolumeTest {
  private static final String FULL = "-MISCONF ";
  private static final long ROOM = 64 << 20;

  private final SimStorage disk = new SimStorage();
  private final SteppingClock clock = new SteppingClock(1_700_000_000_000L, 1_000);
  private SimEngine server;
  private SimClient client;

  @BeforeEach
  void start() {
    disk.free(ROOM);
    server =
        new SimEngine(
                disk,
                clock,
                1,
                List.of(
                    "--appendfsync",
                    "everysec",
                    "--aof-disk-reserve",
                    "1mb",
                    "--aof-fill-ahead",
                    "no"))
            .load();
    client = new SimClient(server.connect());
    for (int i = 0; i < 20; i++) {
      assertThat(call("SET", "k" + i, "v")).isEqualTo("+OK");
    }
    eventually("the reserve is there", info -> !info.contains("disk_reserve_bytes:0\r"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String call(String... words) {
    var replies = new String[1];
    client.send(reply -> replies[0] = reply, words);
    for (int i = 0; replies[0] == null; i++) {
      assertThat(i).as("steps until %s is answered", String.join(" ", words)).isLessThan(10_000);
      step();
    }
    return replies[0];
  }

  private void step() {
    clock.advanceMillis(1);
    server.scheduler.stepAll();
    client.read();
  }

  private void eventually(String what, Predicate<String> durability) {
    for (int i = 0; !durability.test(call("INFO", "durability")); i++) {
      assertThat(i).as("looks until %s", what).isLessThan(5_000);
    }
  }

  private void fill() {
    disk.free(0);
    for (int i = 0; !call("SET", "large", "x").startsWith(FULL); i++) {
      assertThat(i).as("writes until one is refused").isLessThan(5_000);
    }
  }

  @Test
  void writesThatGrowAreRefusedReadsAndDeletesGoOnAndItHealsByItself() {
    fill();
    assertThat(call("SET", "k1", "w")).startsWith(FULL);
    assertThat(call("APPEND", "k1", "w")).startsWith(FULL);
    assertThat(call("GET", "k1")).isEqualTo("v");
    assertThat(call("DEL", "k2")).as("from the reserve").isEqualTo(":1");
    assertThat(call("PEXPIRE", "k3", "-1")).as("from the reserve").isEqualTo(":1");
    assertThat(call("MULTI")).isEqualTo("+OK");
    assertThat(call("DEL", "k4")).isEqualTo("+QUEUED");
    assertThat(call("EXEC")).isEqualTo("[:1]");

    disk.free(ROOM);
    long full = clock.monotonicNanos();
    while (call("SET", "k1", "w").startsWith(FULL)) {
      assertThat(clock.monotonicNanos() - full)
          .as("heals within two seconds")
          .isLessThan(2_000_000_000L);
    }
    assertThat(call("GET", "k1")).isEqualTo("w");
  }

  @Test
  void aTransactionWithAWriteThatNeedsRoomIsRefusedWhole() {
    fill();
    assertThat(call("MULTI")).isEqualTo("+OK");
    assertThat(call("DEL", "k5")).isEqualTo("+QUEUED");
    assertThat(call("SET", "k6", "w")).startsWith(FULL);
    assertThat(call("EXEC")).startsWith("-EXECABORT");
    assertThat(call("GET", "k5")).isEqualTo("v");
  }

  @Test
  void whatWasQueuedBeforeTheVolumeFilledIsRefusedByExec() {
    var early = client;
    assertThat(call("MULTI")).isEqualTo("+OK");
    assertThat(call("SET", "k6", "w")).isEqualTo("+QUEUED");
    client = new SimClient(server.connect());
    fill();
    client = early;
    assertThat(call("EXEC")).startsWith("-EXECABORT Transaction discarded because of: MISCONF ");
    assertThat(call("GET", "k6")).isEqualTo("v");
  }
}
