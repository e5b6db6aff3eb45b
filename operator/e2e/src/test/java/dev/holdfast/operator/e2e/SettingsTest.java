package dev.holdfast.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.e2e.cluster.TestCluster.Ability;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Settings reach the server and stay; what it refuses is said; what somebody else sets is undone.
 */
class SettingsTest extends Scenario {
  private static final String PERSISTENCE =
      "persistence: {appendonly: true, appendfsync: everysec}\n";

  @Test
  void driftIsToldAndUndone() {
    var store = store("drift");
    store.apply(sessions("drift", PERSISTENCE)).awaitReady(START);
    try (var client = store.connect()) {
      client.configSet("appendfsync", "no");
      store.await(
          "undone",
          SOON,
          () -> "everysec".equals(client.configGet("appendfsync").get("appendfsync")));
    }
    store.await("told", SOON, () -> store.hasEvent("DriftUndone"));
  }

  @Test
  void aValueThatTheServerRefusesIsAConditionAndTheLastGoodConfigurationStays() {
    var store = store("refused");
    store.apply(sessions("refused", PERSISTENCE)).awaitReady(START);
    store.patch("{\"spec\":{\"config\":{\"maxmemory-policy\":\"sometimes\"}}}");
    store.await(
        "the server's refusal is told",
        SOON,
        () ->
            "False".equals(store.condition("ConfigApplied").get("status"))
                && ((String) store.condition("ConfigApplied").get("message"))
                    .contains("maxmemory-policy"));
    assertThat(
            cluster()
                .client()
                .configMaps()
                .inNamespace(namespace)
                .withName("refused-config")
                .get()
                .getData()
                .get("redis.conf"))
        .doesNotContain("sometimes");
    cluster().kill(namespace, store.podName());
    store.await(
        "it starts with the last good configuration",
        START,
        () -> {
          try (var client = store.connect()) {
            return "PONG".equals(client.ping());
          }
        });
    store.patch("{\"spec\":{\"config\":{\"maxmemory-policy\":\"allkeys-lru\"}}}");
    store.await("accepted", SOON, () -> store.isNow("ConfigApplied"));
    try (var client = store.connect()) {
      assertThat(client.configGet("maxmemory-policy"))
          .isEqualTo(Map.of("maxmemory-policy", "allkeys-lru"));
    }
  }

  @Test
  void aFullVolumeRefusesWritesAnswersReadsAndHeals() {
    needs(Ability.FULL_VOLUME);
    var store = store("full");
    store.apply(sessions("full", PERSISTENCE)).awaitReady(START);
    try (var client = store.connect()) {
      Keys.write(client, 0, 1_000);
      cluster().onVolume(namespace, store.claimName(), files -> files.fill());
      store.await(
          "writes are refused",
          SOON,
          () -> {
            try {
              client.set("more", "x".repeat(100_000));
              return false;
            } catch (JedisDataException e) {
              return e.getMessage().startsWith("MISCONF");
            }
          });
      assertThat(Keys.lost(client, 0, 1_000)).as("reads go on").isEmpty();
      store.await(
          "said in status",
          SOON,
          () -> "False".equals(store.condition("PersistenceHealthy").get("status")));
      cluster().onVolume(namespace, store.claimName(), files -> files.free());
      store.await("writes again", SOON, () -> "OK".equals(client.set("after", "1")));
      store.await("healthy again", SOON, () -> store.is("PersistenceHealthy"));
    }
    assertThat(store.pod().getStatus().getContainerStatuses().getFirst().getRestartCount())
        .isZero();
  }

  @Test
  @Tag(REAL_CLUSTER)
  void aStoreThatIsFullRewritesWithinItsMemoryLimit() {
    needs(Ability.MEMORY_LIMIT);
    var store = store("narrow");
    store
        .apply(
            """
            apiVersion: holdfast.dev/v1alpha1
            kind: PersistentStore
            metadata: {name: narrow}
            spec:
              storage: {size: 512Mi}
              resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 192Mi}}
              config: {maxmemory-policy: allkeys-lru}
            """)
        .awaitReady(START);
    try (var client = store.connect()) {
      for (int round = 1; round <= 3; round++) {
        Keys.write(client, 0, 400_000);
        store.annotate("store.holdfast.dev/rewrite-now", "round " + round);
        Keys.write(client, 400_000, 500_000);
      }
      assertThat(client.dbSize()).as("full: the rest was evicted").isBetween(50_000L, 399_999L);
      store.await(
          "rewritten",
          SOON,
          () -> client.info("persistence").contains("aof_last_bgrewrite_status:ok"));
      assertThat(client.info("persistence")).doesNotContain("aof_rewrites:0");
    }
    assertThat(store.pod().getStatus().getContainerStatuses().getFirst().getRestartCount())
        .as("nothing was killed for its memory")
        .isZero();
  }

  @Test
  @Tag(REAL_CLUSTER)
  void storesServeWhileTheApiServerIsAwayAndTheOperatorComesBackWithIt() throws Exception {
    needs(Ability.API_OUTAGE);
    var store = store("outage");
    store.apply(sessions("outage", PERSISTENCE)).awaitReady(START);
    try (var client = store.connect();
        var outage = cluster().apiOutage()) {
      Keys.write(client, 0, 10_000);
      var until = System.nanoTime() + 60_000_000_000L;
      while (System.nanoTime() < until) {
        assertThat(Keys.lost(client, 0, 10_000)).isEmpty();
      }
    }
    store.patch("{\"spec\":{\"persistence\":{\"appendfsync\":\"always\"}}}");
    store.await("the operator is back", START, () -> store.isNow("ConfigApplied"));
  }

  @Test
  void twoOperatorsAtOnceDoNotFight() throws Exception {
    needs(Ability.SECOND_OPERATOR);
    try (var second = cluster().secondOperator()) {
      var store = store("pair");
      store.apply(sessions("pair", PERSISTENCE)).awaitReady(START);
      var pod = store.pod().getMetadata().getUid();
      store.annotate("store.holdfast.dev/rewrite-now", "once");
      try (var client = store.connect()) {
        store.await(
            "a rewrite is done",
            SOON,
            () -> !client.info("persistence").contains("aof_rewrites:0"));
        // a later change that is applied: whoever would have acted twice has had its turn by then
        store.patch("{\"spec\":{\"persistence\":{\"aofTimestampEnabled\":false}}}");
        store.await("the later change is applied", SOON, () -> store.isNow("ConfigApplied"));
        assertThat(client.info("persistence").lines())
            .as("one rewrite; events: %s", store.eventLines())
            .contains("aof_rewrites:1");
      }
      assertThat(store.pod().getMetadata().getUid()).isEqualTo(pod);
    }
  }
}
