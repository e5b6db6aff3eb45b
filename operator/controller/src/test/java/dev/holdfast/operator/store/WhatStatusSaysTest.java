package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.store.observe.ServerFacts;
import dev.holdfast.operator.store.observe.ServerInfo;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhatStatusSaysTest {

  private static final long MEBI = 1L << 20;

  private static World serving() {
    return World.with("storage: {size: 1Gi}").settle();
  }

  @Test
  void aStoreThatRefusesWritesIsNotReadyThoughItsPodIs() {
    var world = serving();
    world.refusal = Optional.of("MISCONF Errors writing to the AOF file: No space left on device");

    world.settle();

    assertThat(world.condition("Ready").reason()).isEqualTo("WritesRefused");
    assertThat(world.condition("PersistenceHealthy").status()).isEqualTo(Status.FALSE);
    assertThat(world.condition("DiskPressure").status()).isEqualTo(Status.TRUE);
    assertThat(world.reasons()).contains("DiskFull");

    world.refusal = Optional.empty();
    world.settle();

    assertThat(world.condition("DiskPressure").status()).isEqualTo(Status.FALSE);
    assertThat(world.reasons()).contains("DiskPressureEnded");
  }

  @Test
  void aStoreWhoseDiskIsAlmostFullIsUnderPressureBeforeAWriteFails() {
    var world = serving();
    world.refusal = Optional.of(ServerFacts.ALMOST_FULL);

    world.settle();

    assertThat(world.condition("DiskPressure").status()).isEqualTo(Status.TRUE);
    assertThat(world.condition("PersistenceHealthy").status()).isEqualTo(Status.FALSE);
  }

  @Test
  void aStoreThatLoadsSaysHowFarItIs() {
    var world = serving();
    world.info =
        new ServerInfo("run", "7.2.0", true, 42, false, 0, 0, false, 0, true, -1, true, false);

    world.settle();

    assertThat(world.condition("Ready").reason()).isEqualTo("Loading");
    assertThat(world.condition("Ready").message()).contains("42 %");
    assertThat(world.condition("Reconciling").status()).isEqualTo(Status.TRUE);
  }

  @Test
  void aServerThatDoesNotAnswerIsNotReadyWhateverItsPodSays() {
    var world = serving();
    world.serverAnswers = false;

    world.settle();

    assertThat(world.condition("Ready").reason()).isEqualTo("Unreachable");
    assertThat(world.condition("ConfigApplied").status()).isEqualTo(Status.UNKNOWN);
    assertThat(world.status.orElseThrow().durability()).as("what was seen last stays").isNotNull();
  }

  @Test
  void aContainerThatFailsAgainAndAgainIsQuotedWithItsLastWords() {
    var world = World.with("storage: {size: 1Gi}");
    world.serverAnswers = false;
    world.settle();
    world.pod =
        world.pod.map(
            pod ->
                new PodBuilder(pod)
                    .editStatus()
                    .withConditions(List.of())
                    .withContainerStatuses(
                        new ContainerStatusBuilder()
                            .withName("store")
                            .withNewState()
                            .withNewWaiting()
                            .withReason("CrashLoopBackOff")
                            .endWaiting()
                            .endState()
                            .withNewLastState()
                            .withNewTerminated()
                            .withExitCode(1)
                            .withMessage("Bad directive in redis.conf line 4")
                            .endTerminated()
                            .endLastState()
                            .build())
                    .endStatus()
                    .build());

    world.settle();

    assertThat(world.condition("Stalled").reason()).isEqualTo("Crashing");
    assertThat(world.condition("Stalled").message()).contains("Bad directive in redis.conf line 4");
  }

  @Test
  void sizesAreOnlyWrittenAgainWhenTheyHaveChangedNoticeably() {
    var world = serving();
    world.info = World.info(100 * MEBI, 90 * MEBI, 0, false);
    world.settle();
    var before = world.status;

    world.info = World.info(103 * MEBI, 90 * MEBI, 0, false);
    world.settle();
    assertThat(world.status).isEqualTo(before);

    world.info = World.info(110 * MEBI, 90 * MEBI, 0, false);
    world.settle();
    assertThat(world.status.orElseThrow().aof().size()).isEqualTo("110Mi");
  }

  @Test
  void aConditionKeepsTheTimeOfItsTransition() {
    var world = serving();
    var since = world.condition("Ready").lastTransitionTime();
    world.now = world.now.plusSeconds(600);

    world.spec("{storage: {size: 1Gi}, persistence: {appendfsync: always}}");
    world.settle();

    assertThat(world.condition("Ready").lastTransitionTime()).isEqualTo(since);
    assertThat(world.condition("Ready").observedGeneration())
        .isEqualTo(world.store.getMetadata().getGeneration());
  }

  @Test
  void whatACrashWouldLoseIsToldFromWhatTheServerSaysOfItself() {
    var world = serving();
    assertThat(effective(world)).isEqualTo("up to 1 s of writes");

    world.live.put("appendfsync", "no");
    world.reconcile();
    assertThat(effective(world)).contains("operating system");

    world.settle();
    world.info =
        new ServerInfo("run", "7.2.0", false, 0, false, 0, 0, false, 0, true, -1, true, false);
    world.reconcile();
    assertThat(effective(world)).startsWith("everything");
    assertThat(world.condition("PersistenceHealthy").reason()).isEqualTo("AppendonlyOff");
  }

  private static String effective(World world) {
    return world.status.orElseThrow().durability().effective();
  }

  @Test
  void aStoreThatStartsForTheFirstTimeIsNotAnnouncedAsNotReady() {
    var world = serving();

    assertThat(world.reasons()).contains("Ready").doesNotContain("NotReady");
  }
}
