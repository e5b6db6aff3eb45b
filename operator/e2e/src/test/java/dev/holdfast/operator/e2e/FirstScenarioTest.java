package dev.holdfast.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * The whole way once: applied, written to, reconfigured live, rewritten, killed, damaged, and back
 * each time.
 */
class FirstScenarioTest extends Scenario {
  private static final int KEYS = 20_000;

  @Test
  void aStoreSurvivesWhatItPromisesToSurvive() {
    var store = store("sessions");
    var applied = Instant.now();
    store.apply(
        sessions(
            "sessions",
            """
            persistence: {appendonly: true, appendfsync: everysec}
            recovery: {policy: Automatic, maxDataLoss: 4Ki}
            """));
    store.awaitReady(START);
    report("apply to Ready", applied);
    try (var client = store.connect()) {
      Keys.write(client, 0, KEYS);
      assertThat(client.dbSize()).isEqualTo(KEYS);
    }

    var uid = store.pod().getMetadata().getUid();
    var changed = Instant.now();
    store.patch("{\"spec\":{\"persistence\":{\"appendfsync\":\"always\"}}}");
    try (var client = store.connect()) {
      store.await(
          "appendfsync live",
          SOON,
          () -> "always".equals(client.configGet("appendfsync").get("appendfsync")));
      report("changed appendfsync to live setting", changed);
      store.await("ConfigApplied", SOON, () -> store.isNow("ConfigApplied"));
      report("changed appendfsync to ConfigApplied", changed);
      assertThat(store.pod().getMetadata().getUid()).as("no pod is replaced for it").isEqualTo(uid);

      var rewrites = ServerInfo.persistence(client).number("aof_rewrites");
      store.annotate("store.holdfast.dev/rewrite-now", "first");
      store.await(
          "one more rewrite",
          SOON,
          () -> {
            var info = ServerInfo.persistence(client);
            return info.number("aof_rewrites") == rewrites + 1
                && info.number("aof_rewrite_in_progress") == 0;
          });
      Keys.write(client, KEYS, KEYS + 1_000);
    }

    var killed = Instant.now();
    cluster().kill(namespace, store.podName());
    store.await(
        "back after kill -9",
        START,
        () -> {
          try (var client = store.connect()) {
            return client.dbSize() == KEYS + 1_000;
          }
        });
    report("kill -9 to serving", killed);
    try (var client = store.connect()) {
      assertThat(Keys.lost(client, 0, KEYS + 1_000)).as("lost keys after kill -9").isEmpty();
    }

    store.annotate("store.holdfast.dev/stop", "true");
    store.await("the pod is taken away", START, () -> store.pod() == null);
    cluster()
        .onVolume(
            namespace,
            store.claimName(),
            files -> {
              files.append(
                  files.newestIncrement(), "\0garbage\n".getBytes(StandardCharsets.US_ASCII));
            });
    var started = Instant.now();
    store.annotate("store.holdfast.dev/stop", null);
    store.await(
        "repaired",
        START,
        () -> "CorruptTail".equals(store.status("lastCheck", "verdict")) && store.isNow("Ready"));
    report("damaged file to serving", started);
    try (var client = store.connect()) {
      assertThat(Keys.lost(client, 0, KEYS + 1_000)).as("lost keys after the repair").isEmpty();
    }
    assertThat(store.status("lastRepair", "droppedBytes")).isEqualTo(9);
    cluster()
        .onVolume(
            namespace,
            store.claimName(),
            files -> {
              var quarantine = files.list("quarantine");
              assertThat(quarantine).hasSize(1);
              assertThat(files.list("quarantine/" + quarantine.getFirst())).contains("report.json");
            });
    assertThat(store.is("RecoveryRequired")).isFalse();
  }

  private static void report(String what, Instant since) {
    System.out.printf(
        "measured on %s: %s %.1f s%n",
        cluster().kind(), what, Duration.between(since, Instant.now()).toMillis() / 1000.0);
  }
}
