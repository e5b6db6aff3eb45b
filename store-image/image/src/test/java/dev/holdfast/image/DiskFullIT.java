package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The real process on a real file system that somebody else fills up: it goes from refusing growth
 * over deleting from its reserve to refusing everything but reads, and back.
 */
class DiskFullIT {
  private static final int RESERVE = 4 << 20;
  private static final int KEYS = 2_000;

  /** A delete is some fifty bytes, and the log's last block of 4 KiB may have room for them. */
  private static final int DELETES_IN_A_BLOCK = 200;

  private final Map<String, String> acknowledged = new TreeMap<>();
  private CrashDisk disk;
  private String unknown;

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
  @ParameterizedTest(name = "appendfsync {0}")
  @ValueSource(strings = {"always", "everysec"})
  void aFullDiskRefusesWhatNeedsRoomAndHealsWithoutLosingAWrite(String fsync) throws IOException {
    try (var server = start(fsync);
        var client = server.connect()) {
      for (var i = 0; i < KEYS; i++) {
        acknowledged.put("key:" + i, "value " + i);
      }
      assertThat(client.mset(pairs())).isEqualTo("OK");
      await("the reserve is there")
          .until(() -> durability(client).contains("disk_reserve_bytes:" + RESERVE + "\r\n"));

      fillUpTo(RESERVE / 2);
      await("the soft limit is seen")
          .until(() -> durability(client).contains("disk_almost_full:1\r\n"));
      assertThatThrownBy(() -> client.set("more", "of it"))
          .isInstanceOf(JedisDataException.class)
          .hasMessageStartingWith("MISCONF The disk is almost full");
      delete(client, 0);
      assertReads(client);

      fillUpTo(0);
      var deleted = 1;
      while (durability(client).contains("disk_reserve_bytes:" + RESERVE + "\r\n")) {
        assertThat(deleted).as("deletes before the reserve is touched").isLessThan(KEYS / 2);
        delete(client, deleted++);
      }
      delete(client, deleted++);
      assertReads(client);

      fillUpTo(0);
      deleteUntilRefused(client, deleted);
      assertReads(client);
      assertThatThrownBy(() -> client.set("more", "of it")).hasMessageStartingWith("MISCONF");

      Files.delete(filler());
      await("heals").atMost(Duration.ofSeconds(2)).until(() -> isWritable(client));
      set(client, "afterwards", "again");
      delete(client, KEYS - 1);
      assertReads(client);
      server.kill();
    }
    try (var server = start(fsync);
        var client = server.connect()) {
      assertReads(client);
      assertThat(client.get("key:0")).isNull();
      assertThat(client.get("key:" + (KEYS - 1))).isNull();
      var known = client.dbSize() - (client.exists("probe") ? 1 : 0);
      assertThat(known - (client.exists(unknown) ? 1 : 0)).isEqualTo(acknowledged.size());
    }
  }

  private ServerProcess start(String fsync) {
    return ServerProcess.start(
        ServerProcess.ours(),
        disk.folder(),
        "--appendonly",
        "yes",
        "--appendfsync",
        fsync,
        "--aof-disk-reserve",
        "" + RESERVE,
        // Zeros ahead are room that a full disk cannot take: a mebibyte of deletes.
        "--aof-fill-ahead",
        "no");
  }

  private void set(Jedis client, String key, String value) {
    assertThat(client.set(key, value)).isEqualTo("OK");
    acknowledged.put(key, value);
  }

  private String[] pairs() {
    return acknowledged.entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
        .toArray(String[]::new);
  }

  private void delete(Jedis client, int number) {
    assertThat(client.del("key:" + number)).isEqualTo(1);
    acknowledged.remove("key:" + number);
  }

  /** The outcome of the delete that is refused is unknown. */
  private void deleteUntilRefused(Jedis client, int first) {
    for (var i = first; i < first + DELETES_IN_A_BLOCK; i++) {
      try {
        delete(client, i);
      } catch (JedisDataException refused) {
        assertThat(refused).hasMessageStartingWith("MISCONF");
        unknown = "key:" + i;
        acknowledged.remove(unknown);
        return;
      }
    }
    throw new AssertionError("no delete was refused although there is no room for any");
  }

  private void assertReads(Jedis client) {
    var keys = acknowledged.keySet().toArray(String[]::new);
    assertThat(client.mget(keys)).containsExactlyElementsOf(acknowledged.values());
  }

  private static boolean isWritable(Jedis client) {
    try {
      return client.set("probe", "x").equals("OK");
    } catch (JedisDataException notYet) {
      return false;
    }
  }

  private static String durability(Jedis client) {
    return client.info("durability");
  }

  private static ConditionFactory await(String what) {
    return Awaitility.await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(10));
  }

  private Path filler() {
    return disk.folder().resolve("filler");
  }

  /** Takes blocks until no more than so many bytes are free. */
  private void fillUpTo(long left) throws IOException {
    var block = new byte[4096];
    try (var file = Files.newOutputStream(filler(), openOrAppend())) {
      while (free() > left) {
        write(file, block, Math.max(1, (free() - left) / block.length));
      }
    } catch (IOException full) {
      assertThat(left).as("%s, with %d bytes free", full.getMessage(), free()).isZero();
    }
  }

  private static OpenOption[] openOrAppend() {
    return new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
  }

  private static void write(OutputStream file, byte[] block, long times) throws IOException {
    for (var i = 0L; i < times; i++) {
      file.write(block);
    }
  }

  private long free() throws IOException {
    return Files.getFileStore(disk.folder()).getUsableSpace();
  }
}
