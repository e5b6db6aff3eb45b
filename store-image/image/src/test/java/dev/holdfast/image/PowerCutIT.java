package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The real process on a real file system whose power is cut under load and during rewrites, also
 * while its disk is slow or fails: no answered write is lost, and none comes back that was replaced
 * or deleted. {@code -Dholdfast.power.cuts=300} cuts more often.
 */
class PowerCutIT {
  private static final int CUTS = Integer.getInteger("holdfast.power.cuts", 30);
  private static final int CUTS_OF_A_POLICY = CUTS / 3;

  /** On top: faults cost a tracer's time for each call, and a wait for the store to heal. */
  private static final int CUTS_WITH_FAULTS = CUTS / 6;

  private final Random random = new Random(5);
  private final Load load = new Load();
  private CrashDisk disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = CrashDisk.make();
  }

  @AfterEach
  void removeDisk() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "appendfsync {0}, aof-use-rdb-preamble {1}")
  @CsvSource({"always,yes", "everysec,yes", "always,no"})
  void aPowerCutLosesNothingThatWasPromised(String fsync, String preamble) {
    try (var server = start(List.of(), disk.folder(), fsync, preamble);
        var running = running(server);
        var client = server.connect()) {
      for (var cut = 0; cut < CUTS_OF_A_POLICY; cut++) {
        if (random.nextInt(3) == 0) {
          rewrite(client);
        }
        LockSupport.parkNanos(random.nextLong(60_000_000));
        cutAndVerify(fsync, preamble);
      }
      running.stop();
      assertThat(load.errors()).isZero();
      assertThat(load.answered()).isGreaterThan(CUTS_OF_A_POLICY);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "slow-disk {0}")
  @ValueSource(strings = {"3000", "EIO@30..31", "ENOSPC:write@200..202"})
  void aDiskThatIsSlowOrFailsTakesNothingBack(String fault) {
    var slow = CrashDisk.needs("slow-disk");
    var prefix = List.of(slow.toString(), fault);
    try (var server = start(prefix, disk.folder(), "always", "yes");
        var running = running(server)) {
      for (var cut = 1; cut < CUTS_WITH_FAULTS; cut++) {
        cutWhileWritesGoOn();
      }
      if (fault.contains("@")) {
        Awaitility.await("an operation meets the fault")
            .atMost(Duration.ofSeconds(60))
            .until(() -> load.errors() > 0);
      }
      cutWhileWritesGoOn();
      running.stop();
    }
  }

  private void cutWhileWritesGoOn() {
    var sofar = load.answered();
    Awaitility.await("writes go on, after the store has healed itself")
        .atMost(Duration.ofSeconds(60))
        .until(() -> load.answered() > sofar + 20);
    LockSupport.parkNanos(random.nextLong(60_000_000));
    cutAndVerify("always", "yes");
  }

  private void cutAndVerify(String fsync, String preamble) {
    var before = load.now();
    var copy = disk.cut();
    var after = load.now();
    try (var next = start(List.of(), copy, fsync, preamble);
        var client = next.connect()) {
      load.verify(
          client, fsync.equals("always") ? before.answered() : before.secondAgo(), after.sent());
    }
  }

  private Load running(ServerProcess server) {
    load.start(server.port());
    return load;
  }

  private static void rewrite(Jedis client) {
    try {
      client.bgrewriteaof();
    } catch (JedisDataException alreadyRunning) {
      // The one before is not finished.
    }
  }

  private static ServerProcess start(
      List<String> prefix, Path folder, String fsync, String preamble) {
    var command = new ArrayList<>(prefix);
    command.add(ServerProcess.ours().toString());
    return ServerProcess.start(
        command,
        folder,
        "--appendonly",
        "yes",
        "--appendfsync",
        fsync,
        "--aof-use-rdb-preamble",
        preamble);
  }
}
