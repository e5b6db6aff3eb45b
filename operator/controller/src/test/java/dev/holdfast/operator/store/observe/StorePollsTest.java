package dev.holdfast.operator.store.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.operator.redis.FakeServer;
import dev.holdfast.operator.redis.HealthPort;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorePollsTest {

  private static final ResourceID STORE = new ResourceID("sessions", "shop");
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final List<ResourceID> told = new CopyOnWriteArrayList<>();
  private StorePolls polls;

  private StorePolls polls(Function<PollTarget, ServerFacts> probe, Duration busy, Duration idle) {
    polls = new StorePolls(probe, busy, idle, RandomGenerator.getDefault());
    polls.onChange(told::add);
    return polls;
  }

  @AfterEach
  void end() {
    polls.close();
  }

  private static PollTarget target(String uid) {
    return new PollTarget(uid, "127.0.0.1", 1, 1, "secret", Set.of());
  }

  private static ServerFacts up(String uid, long size) {
    var info =
        new ServerInfo("run", "7.2.0", false, 0, true, size, 0, false, 0, true, -1, true, false);
    return new ServerFacts(
        uid,
        new ServerFacts.Up(info, Map.of(), Optional.empty()),
        Optional.empty(),
        Optional.empty());
  }

  private static ServerFacts down(String uid) {
    return new ServerFacts(uid, new ServerFacts.Down("gone"), Optional.empty(), Optional.empty());
  }

  @Test
  void theListenerIsToldOnlyWhenSomethingHasChanged() {
    var looks = new AtomicInteger();
    var size = new AtomicInteger();
    polls(
        target -> {
          looks.incrementAndGet();
          return up(target.podUid(), size.get());
        },
        SHORT,
        SHORT);

    polls.watch(STORE, target("a"), true);
    await().until(() -> looks.get() > 5);
    assertThat(told).hasSize(1);

    size.set(1);
    await().until(() -> told.size() == 2);
  }

  @Test
  void factsOfAnEarlierPodAreNotGivenOutForALaterOne() {
    polls(target -> up(target.podUid(), 0), SHORT, SHORT).watch(STORE, target("a"), true);

    await().until(() -> polls.facts(STORE, "a").isPresent());

    assertThat(polls.facts(STORE, "b")).isEmpty();
  }

  @Test
  void aNewTargetIsLookedAtAtOnce() {
    polls(target -> up(target.podUid(), 0), LONG, LONG).watch(STORE, target("a"), false);
    await().until(() -> polls.facts(STORE, "a").isPresent());

    polls.watch(STORE, target("b"), false);

    await().until(() -> polls.facts(STORE, "b").isPresent());
  }

  @Test
  void whoAsksForALookGetsOneThatBeganAfterwards() {
    var size = new AtomicInteger();
    polls(target -> up(target.podUid(), size.get()), LONG, LONG).watch(STORE, target("a"), false);
    await().until(() -> polls.facts(STORE, "a").isPresent());
    size.set(7);

    polls.pollNow(STORE).join();

    assertThat(polls.facts(STORE, "a").orElseThrow().info().orElseThrow().aofCurrentSize())
        .isEqualTo(7);
  }

  @Test
  void oneFailedLookIsNoOutageAndASecondOneIs() {
    var answers = new AtomicReference<Function<String, ServerFacts>>(uid -> up(uid, 0));
    var failures = new AtomicInteger();
    polls(target -> answers.get().apply(target.podUid()), SHORT, SHORT)
        .watch(STORE, target("a"), true);
    await().until(() -> polls.facts(STORE, "a").isPresent());

    answers.set(uid -> failures.incrementAndGet() == 1 ? down(uid) : up(uid, 0));
    await().until(() -> failures.get() > 3);
    assertThat(told).hasSize(1);

    answers.set(StorePollsTest::down);
    await().until(() -> polls.facts(STORE, "a").orElseThrow().info().isEmpty());
  }

  @Test
  void aForgottenStoreIsLookedAtNoLongerWhileAnotherIs() {
    Map<String, AtomicInteger> looks =
        Map.of("a", new AtomicInteger(), "other", new AtomicInteger());
    var held = new CompletableFuture<Void>();
    polls(
        target -> {
          if (looks.get(target.podUid()).incrementAndGet() == 3 && target.podUid().equals("a")) {
            held.join();
          }
          return up(target.podUid(), looks.get(target.podUid()).get());
        },
        SHORT,
        SHORT);
    polls.watch(STORE, target("a"), true);
    polls.watch(new ResourceID("other", "shop"), target("other"), true);
    await().until(() -> looks.get("a").get() == 3);

    polls.forget(STORE);
    held.complete(null);
    var then = looks.get("other").get();
    await().until(() -> looks.get("other").get() > then + 10);

    assertThat(looks.get("a")).as("none after the one that was under way").hasValue(3);
    assertThat(polls.facts(STORE, "a")).isEmpty();
  }

  @Test
  void tenStoresThatHangDoNotDelayAnEleventh() {
    var timeout = Duration.ofSeconds(30);
    List<FakeServer> hanging = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      hanging.add(FakeServer.hanging());
    }
    try (var health = new HealthPort(timeout);
        var server =
            FakeServer.resp(
                command ->
                    command.equals("INFO") ? FakeServer.bulk("aof_enabled:1\r\n") : "+OK\r\n");
        var page = FakeServer.http(request -> FakeServer.ok("{}"))) {
      polls(new ServerProbe(timeout, health)::look, SHORT, SHORT);
      for (int i = 0; i < 10; i++) {
        var port = hanging.get(i).port();
        polls.watch(
            new ResourceID("hanging-" + i, "shop"),
            new PollTarget("h" + i, "127.0.0.1", port, port, "secret", Set.of()),
            true);
      }
      polls.watch(
          STORE,
          new PollTarget("a", "127.0.0.1", server.port(), page.port(), "secret", Set.of()),
          true);

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.requests.stream().filter("INFO"::equals).count() >= 5);

      assertThat(polls.facts(STORE, "a").orElseThrow().serving()).isPresent();
    } finally {
      hanging.forEach(FakeServer::close);
    }
  }
}
