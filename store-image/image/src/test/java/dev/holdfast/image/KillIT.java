package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * The real process, ended the hard way and the soft way. {@code -Dholdfast.kills=1000} kills it so
 * often for each policy.
 */
class KillIT {
  private static final int KILLS = Integer.getInteger("holdfast.kills", 60);

  @TempDir Path folder;

  /** Not a power cut: what reached the kernel stays, so every policy keeps every answered write. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "appendfsync {0}")
  @ValueSource(strings = {"always", "everysec", "no"})
  void killedUnderLoadAndDuringRewritesEveryAnsweredWriteIsThere(String fsync) {
    var random = new Random(11);
    var load = new Load();
    for (var kill = 0; kill < KILLS; kill++) {
      try (var server = start(fsync, kill);
          var client = server.connect()) {
        verifyAndGoOn(load, client);
        load.start(server.port());
        LockSupport.parkNanos(random.nextLong(50_000_000));
        if (kill % 2 == 0) {
          client.bgrewriteaof();
          LockSupport.parkNanos(random.nextLong(8_000_000));
        }
        server.kill();
        load.stop();
      }
    }
    assertThat(load.errors()).isZero();
    assertThat(load.answered()).as("answered in %d rounds", KILLS).isGreaterThan(KILLS);
    try (var server = start(fsync, 0);
        var client = server.connect()) {
      verifyAndGoOn(load, client);
      client.bgrewriteaof();
      Awaitility.await("a rewrite that is left alone leaves one base and one increment")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(listed("appendonlydir"))
                      .hasSize(3)
                      .contains("appendonly.aof.manifest"));
      assertThat(server.terminate()).isZero();
    }
  }

  private static void verifyAndGoOn(Load load, Jedis client) {
    var end = load.now();
    load.verify(client, end.answered(), end.sent());
    load.goOnFrom(client);
  }

  private ServerProcess start(String fsync, int round) {
    return ServerProcess.start(
        ServerProcess.ours(),
        folder,
        "--appendonly",
        "yes",
        "--appendfsync",
        fsync,
        "--aof-use-rdb-preamble",
        round % 3 == 0 ? "no" : "yes");
  }

  @Test
  void aTermSignalFlushesAndEndsWithZero() {
    try (var server =
        ServerProcess.start(
            ServerProcess.ours(), folder, "--appendonly", "yes", "--appendfsync", "no")) {
      try (var client = server.connect()) {
        client.set("last", "words");
      }
      assertThat(server.terminate()).isZero();
      assertThat(server.log()).contains("Ready to accept connections").doesNotContain("Exception");
    }
    try (var server = ServerProcess.start(ServerProcess.ours(), folder, "--appendonly", "yes");
        var client = server.connect()) {
      assertThat(client.get("last")).isEqualTo("words");
    }
  }

  @Test
  void aSecondProcessOnTheSameFolderEndsAndNamesTheHolder() throws Exception {
    try (var first = ServerProcess.start(ServerProcess.ours(), folder, "--appendonly", "yes");
        var second = ServerProcess.launch(ServerProcess.ours(), folder, "--appendonly", "yes")) {
      assertThat(second.process().waitFor()).isEqualTo(1);
      assertThat(second.log()).contains("" + first.process().pid()).doesNotContain("\tat ");
    }
  }

  private List<String> listed(String sub) {
    try (var files = Files.list(folder.resolve(sub))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
