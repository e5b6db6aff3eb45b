package dev.holdfast.operator.store.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.operator.redis.FakeServer;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Step;
import dev.holdfast.operator.store.observe.PollTarget;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.StorePolls;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ServerCommandsTest {

  private static final ResourceID STORE = new ResourceID("sessions", "shop");
  private static final Step.StartRewrite MONDAY =
      new Step.StartRewrite(
          "uid",
          Optional.of("monday"),
          new Notice(false, "RewriteStarted", "asked for"),
          Optional.empty());
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ServerAttempts attempts = new ServerAttempts();
  private final List<Notice> told = new CopyOnWriteArrayList<>();
  private final ServerCommands commands =
      new ServerCommands(
          TIMEOUT,
          new StorePolls(
              target -> {
                throw new AssertionError();
              },
              TIMEOUT,
              TIMEOUT,
              RandomGenerator.getDefault()),
          attempts,
          Clock.systemUTC());

  private static PollTarget target(FakeServer server) {
    return new PollTarget("uid", "127.0.0.1", server.port(), 1, "secret", Set.of());
  }

  @Test
  void eachSettingIsAcceptedOrRefusedOnItsOwn() {
    try (var server =
        FakeServer.resp(
            command ->
                switch (command) {
                  case "CONFIG SET hz 0" -> "-ERR argument must be between 1 and 500\r\n";
                  case "CONFIG GET appendfsync" ->
                      "*2\r\n" + FakeServer.bulk("appendfsync") + FakeServer.bulk("always");
                  default -> "+OK\r\n";
                })) {
      commands.set(
          STORE,
          target(server),
          new TreeMap<>(Map.of("appendfsync", "always", "hz", "0")),
          new TreeMap<>(),
          told::add);
      await().until(() -> told.size() == 2);

      var noted = attempts.of(STORE, "uid");
      assertThat(noted.get("appendfsync").accepted()).isTrue();
      assertThat(noted.get("appendfsync").live()).isEqualTo("always");
      assertThat(noted.get("hz").refusal()).isEqualTo("ERR argument must be between 1 and 500");
      assertThat(told)
          .extracting(Notice::reason)
          .containsExactly("SettingApplied", "SettingRefused");
    }
  }

  @Test
  void undoneDriftIsToldWithTheValueThatWasFound() {
    try (var server = FakeServer.resp(command -> "+OK\r\n")) {
      commands.set(
          STORE,
          target(server),
          new TreeMap<>(Map.of("appendfsync", "always")),
          new TreeMap<>(Map.of("appendfsync", "no")),
          told::add);

      await().until(() -> !told.isEmpty());

      assertThat(told.getFirst().reason()).isEqualTo("DriftUndone");
      assertThat(told.getFirst().message()).contains("'no'").contains("'always'");
    }
  }

  @Test
  void aRewriteThatTheServerRefusesIsNotCountedAsDone() {
    try (var server =
        FakeServer.resp(
            command ->
                command.startsWith("BGREWRITEAOF")
                    ? "-ERR Background append only file rewriting already in progress\r\n"
                    : "+OK\r\n")) {
      commands.rewrite(STORE, target(server), MONDAY, told::add);

      await().until(() -> !told.isEmpty());

      assertThat(attempts.of(STORE, "uid").get(ServerAttempts.REWRITE).accepted()).isFalse();
      assertThat(told.getFirst().reason()).isEqualTo("RewriteNotStarted");
    }
  }

  @Test
  void aRewriteThatWasDecidedBeforeAnotherWasAnsweredIsNotSent() {
    List<String> sent = new CopyOnWriteArrayList<>();
    try (var server =
        FakeServer.resp(
            command -> {
              sent.add(command);
              return "+OK\r\n";
            })) {
      commands.rewrite(STORE, target(server), MONDAY, told::add);
      await().until(() -> !told.isEmpty());

      await()
          .until(
              () -> {
                commands.rewrite(STORE, target(server), MONDAY, told::add);
                return sent.stream().filter(command -> command.startsWith("AUTH")).count() > 2;
              });

      assertThat(sent).containsOnlyOnce("BGREWRITEAOF");
    }
  }

  @Test
  void aStoreThatHangsGetsNoSecondConversationMeanwhile() {
    try (var server = FakeServer.hanging()) {
      var settings = new TreeMap<>(Map.of("hz", "10"));
      var start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        commands.set(STORE, target(server), settings, new TreeMap<>(), told::add);
      }

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("nobody waits for it")
          .isLessThan(Duration.ofSeconds(2));
      assertThat(told).isEmpty();
    }
  }
}
