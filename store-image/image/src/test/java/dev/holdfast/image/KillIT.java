package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.exceptions.JedisException;

/** The real process, ended the hard way and the soft way. */
class KillIT {
  @TempDir Path folder;

  /** Not a power cut: what reached the kernel stays, so every policy keeps every answered write. */
  @ParameterizedTest(name = "appendfsync {0}, aof-use-rdb-preamble {1}")
  @CsvSource({"always,yes", "everysec,yes", "always,no"})
  void killedAtAnyMomentOfARewriteEveryAnsweredWriteIsThere(String fsync, String preamble) {
    var random = new Random(11);
    var answered = new AtomicInteger();
    for (var round = 0; round < 6; round++) {
      try (var server =
          ServerProcess.start(
              ServerProcess.ours(),
              folder,
              "--appendonly",
              "yes",
              "--appendfsync",
              fsync,
              "--aof-use-rdb-preamble",
              preamble)) {
        assertNothingLost(server, answered.get(), round);
        var writers = write(server, answered);
        try (var client = server.connect()) {
          var sofar = answered.get();
          while (answered.get() < sofar + 2_000) {
            LockSupport.parkNanos(100_000);
          }
          client.bgrewriteaof();
        }
        LockSupport.parkNanos(random.nextLong(150_000_000));
        server.kill();
        writers.join();
      }
    }
    try (var server = ServerProcess.start(ServerProcess.ours(), folder, "--appendonly", "yes")) {
      assertNothingLost(server, answered.get(), 6);
      try (var client = server.connect()) {
        client.bgrewriteaof();
      }
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

  /**
   * Writes numbered keys one after the other until the connection breaks; counts what was answered.
   */
  private static CompletableFuture<Void> write(ServerProcess server, AtomicInteger answered) {
    return CompletableFuture.runAsync(
        () -> {
          try (var client = server.connect()) {
            while (true) {
              var number = answered.get();
              client.set("key:" + number, "value:" + number + ":" + "x".repeat(number % 200));
              answered.set(number + 1);
            }
          } catch (JedisException killed) {
            // what was in flight may or may not be there
          }
        });
  }

  private static void assertNothingLost(ServerProcess server, int answered, int round) {
    var wrong = new ArrayList<Integer>();
    try (var client = server.connect()) {
      for (var i = 0; i < answered; i++) {
        if (!("value:" + i + ":" + "x".repeat(i % 200)).equals(client.get("key:" + i))) {
          wrong.add(i);
        }
      }
    }
    assertThat(wrong).as("lost of %d answered writes in round %d", answered, round).isEmpty();
  }

  private List<String> listed(String sub) {
    try (var files = Files.list(folder.resolve(sub))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
