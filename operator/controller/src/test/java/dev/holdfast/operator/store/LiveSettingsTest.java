package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Step;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.api.Test;

class LiveSettingsTest {

  private static final String EVERYSEC = "storage: {size: 1Gi}";
  private static final String ALWAYS = "{storage: {size: 1Gi}, persistence: {appendfsync: always}}";

  @Test
  void theServerIsToldFirstAndTheFileIsWrittenWhenTheServerHasTheValue() {
    var world = World.with(EVERYSEC).settle();

    world.spec(ALWAYS);
    var first = world.reconcile();

    assertThat(first.steps()).hasOnlyElementsOfType(Step.SendSettings.class);
    assertThat(world.file()).contains("appendfsync everysec");

    world.settle();

    assertThat(world.live).containsEntry("appendfsync", "always");
    assertThat(world.file()).contains("appendfsync always");
    assertThat(world.condition("ConfigApplied").status()).isEqualTo(Status.TRUE);
    assertThat(world.status.orElseThrow().durability().effective())
        .isEqualTo("nothing that was acknowledged");
    assertThat(world.taken(Step.ReplacePod.class)).isEmpty();
  }

  @Test
  void neverIsWrittenAsTheServersNo() {
    var world = World.with("{storage: {size: 1Gi}, persistence: {appendfsync: never}}").settle();

    assertThat(world.file()).contains("appendfsync no\n");
  }

  @Test
  void configAppliedWaitsForTheFileInThePodAndTheKubeletIsAskedAgain() {
    var world = World.with(EVERYSEC).settle();
    world.fileArrives = false;
    world.spec(ALWAYS);

    for (int i = 0; i < 10; i++) {
      world.reconcile();
    }

    assertThat(world.condition("ConfigApplied").status()).isEqualTo(Status.FALSE);
    assertThat(world.condition("ConfigApplied").reason()).isEqualTo("Writing");
    assertThat(
            world.taken(Step.MarkPod.class).stream()
                .filter(m -> m.annotations().containsKey(StoreAnnotations.CONFIG_ASKED)))
        .as("asked every three seconds, not at every look")
        .hasSizeBetween(2, 4);

    world.fileArrives = true;
    world.settle();

    assertThat(world.condition("ConfigApplied").status()).isEqualTo(Status.TRUE);
  }

  @Test
  void aRefusedValueIsAConditionInTheServersWordsAndTheLastGoodFileStays() {
    var world = World.with("{storage: {size: 1Gi}, config: {maxclients: '100'}}").settle();
    world.refuses.put(
        "maxclients 0",
        "ERR CONFIG SET failed (possibly related to argument 'maxclients') - argument must be between 1 and 4294967295 inclusive");

    world.spec(
        "{storage: {size: 1Gi}, persistence: {appendfsync: always}, config: {maxclients: '0'}}");
    world.settle();

    assertThat(world.condition("ConfigApplied").reason()).isEqualTo("Refused");
    assertThat(world.condition("ConfigApplied").message())
        .contains("argument must be between 1 and");
    assertThat(world.condition("Stalled").status()).isEqualTo(Status.TRUE);
    assertThat(world.condition("Ready").status()).isEqualTo(Status.TRUE);
    assertThat(world.file()).contains("maxclients 100\n").contains("appendfsync always\n");
  }

  @Test
  void aRefusedValueIsTriedOnceMoreAfterAMinuteAndNotAtEveryLook() {
    var world = World.with(EVERYSEC).settle();
    world.refuses.put("hz 7", "ERR no");
    world.spec("{storage: {size: 1Gi}, config: {hz: '7'}}");
    world.settle();
    var sent = world.taken(Step.SendSettings.class).size();
    assertThat(world.plan().steps()).isEmpty();

    world.waitOutRefusals();
    world.refuses.clear();
    world.settle();

    assertThat(world.taken(Step.SendSettings.class)).hasSize(sent + 1);
    assertThat(world.condition("ConfigApplied").status()).isEqualTo(Status.TRUE);
  }

  @Test
  void driftIsUndoneAndNamedWithTheValueThatWasFound() {
    var world = World.with(EVERYSEC).settle();
    world.live.put("appendfsync", "no");

    var plan = world.reconcile();

    assertThat(plan.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Step.SendSettings.class,
            send -> {
              assertThat(send.settings()).containsOnlyKeys("appendfsync").containsValue("everysec");
              assertThat(send.drift()).containsEntry("appendfsync", "no");
            });
    assertThat(world.settle().live).containsEntry("appendfsync", "everysec");
  }

  @Test
  void aChangeThatAPersonAskedForIsNoDrift() {
    var world = World.with(EVERYSEC).settle();
    world.spec(ALWAYS);

    assertThat(world.plan().steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Step.SendSettings.class, send -> assertThat(send.drift()).isEmpty());
  }

  @Test
  void aValueThatTheServerWritesInItsOwnWayIsTheSameValue() {
    var world =
        World.with(
                "{storage: {size: 1Gi}, config: {maxmemory: 100mb, lazyfree-lazy-expire: 'YES'}}")
            .settle();
    world.live.put("maxmemory", "104857600");
    world.live.put("lazyfree-lazy-expire", "yes");

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void aDirectiveThatIsTakenOutOfSpecIsSetBackByOneRestart() {
    var world = World.with("{storage: {size: 1Gi}, config: {hz: '50'}}").settle();

    world.spec(EVERYSEC);
    world.settle();

    assertThat(world.file()).doesNotContain("hz ");
    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.live).doesNotContainKey("hz");
  }

  @Test
  void aValueThatNoServerHasTriedNeverReachesTheFileWhileTheServerIsAway() {
    var world = World.with(EVERYSEC).settle();
    world.annotate(StoreAnnotations.STOP, "true");
    world.settle();

    world.spec("{storage: {size: 1Gi}, config: {hz: 'nonsense'}}");
    world.settle();
    assertThat(world.file()).doesNotContain("hz");

    world.refuses.put("hz nonsense", "ERR argument couldn't be parsed into an integer");
    world.annotate(StoreAnnotations.STOP, null);
    world.settle();

    assertThat(world.condition("Ready").status())
        .as("the store starts all the same")
        .isEqualTo(Status.TRUE);
    assertThat(world.condition("ConfigApplied").reason()).isEqualTo("Refused");
  }

  @Test
  void beforeTheFirstStartThereIsNoGoodFileToKeepSoACorrectedOneIsWrittenAtOnce() {
    var world = World.with("{storage: {size: 1Gi}, config: {hz: nonsense}}");
    world.serverAnswers = false;
    world.settle();
    assertThat(world.file()).contains("hz nonsense");

    world.spec("{storage: {size: 1Gi}, config: {hz: '10'}}");
    world.reconcile();

    assertThat(world.file()).contains("hz 10\n");
  }

  @Test
  void aRestartHappensAlsoWhereAWebhookAddsToTheSet() {
    var world = World.with(EVERYSEC);
    world.webhook =
        object -> {
          if (object instanceof StatefulSet set) {
            var container = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
            container.getEnv().add(new EnvVarBuilder().withName("TZ").withValue("UTC").build());
          }
        };
    world.settle();

    world.spec("{storage: {size: 1Gi}, config: {databases: '4'}}");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.live).containsEntry("databases", "4");
  }

  @Test
  void maxmemoryFollowsTheContainersLimit() {
    var world = World.with("{storage: {size: 1Gi}, resources: {limits: {memory: 2Gi}}}").settle();
    assertThat(world.live).containsEntry("maxmemory", Long.toString((1920L << 20) * 9 / 10));

    world.spec("{storage: {size: 1Gi}, resources: {limits: {memory: 1Gi}}}");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.status.orElseThrow().memory().maxmemoryBytes()).isLessThan(1L << 30);
    assertThat(world.live)
        .containsEntry(
            "maxmemory", world.status.orElseThrow().memory().maxmemoryBytes().toString());
  }

  @Test
  void theServersOwnRewriteIsOnlyTheSafetyNet() {
    var world =
        World.with("{storage: {size: 1Gi}, rewrite: {emergency: {growthPercent: 300}}}").settle();

    assertThat(world.file()).contains("auto-aof-rewrite-percentage 300\n");
  }
}
