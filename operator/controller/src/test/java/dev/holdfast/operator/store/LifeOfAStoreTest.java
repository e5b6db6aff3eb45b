package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Step;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LifeOfAStoreTest {

  private static final String SPEC = "storage: {size: 1Gi}";

  @Test
  void aNewStoreGetsWhatItNeedsAndBecomesReady() {
    var world = World.with(SPEC).settle();

    assertThat(world.objects)
        .containsOnlyKeys(
            "ConfigMap/sessions-config",
            "PersistentVolumeClaim/data-sessions-0",
            "PodDisruptionBudget/sessions",
            "Secret/sessions-auth",
            "Service/sessions",
            "Service/sessions-headless",
            "StatefulSet/sessions");
    assertThat(world.condition("Ready").status()).isEqualTo(Status.TRUE);
    assertThat(world.condition("ConfigApplied").status()).isEqualTo(Status.TRUE);
    assertThat(world.condition("Reconciling").status()).isEqualTo(Status.FALSE);
    assertThat(world.condition("Stalled").status()).isEqualTo(Status.FALSE);
    assertThat(world.status.orElseThrow().durability().effective())
        .isEqualTo("up to 1 s of writes");
    assertThat(world.taken(Step.ReplacePod.class)).as("nothing restarts on the way").isEmpty();
  }

  @Test
  void aWorldThatIsAsItShouldBeIsLeftAlone() {
    var world = World.with(SPEC).settle();

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().underWay()).isFalse();
  }

  @Test
  void aFieldThatSomebodyElseChangedIsPutRight() {
    var world = World.with(SPEC).settle();
    world.object(Service.class, "sessions").getSpec().setSelector(Map.of("app", "other"));

    world.settle();

    assertThat(world.object(Service.class, "sessions").getSpec().getSelector())
        .containsEntry("app.kubernetes.io/instance", "sessions");
    assertThat(world.told)
        .filteredOn(notice -> notice.reason().equals("Corrected"))
        .extracting(Notice::message)
        .containsExactly(
            "Service sessions: somebody else's change of spec.selector.app.kubernetes.io/instance is put right");
  }

  @Test
  void aNewWishOfOursIsToldAsAChangeAndOnce() {
    var world = World.with(SPEC).settle();
    world.told.clear();

    world.spec("{storage: {size: 1Gi}, persistence: {appendfsync: always}}");
    world.settle();

    assertThat(world.told)
        .filteredOn(notice -> notice.reason().equals("Changed"))
        .extracting(Notice::message)
        .containsExactlyInAnyOrder(
            "ConfigMap sessions-config is brought up to date",
            "StatefulSet sessions is brought up to date");
    assertThat(world.reasons()).doesNotContain("Corrected");
  }

  @Test
  void aPodThatWaitsForItsImageGetsTheCorrectedPullSecretAndOneThatRunsIsLeftAlone() {
    var world = World.with(SPEC).settle();
    var corrected = "{storage: {size: 1Gi}, imagePullSecrets: [{name: registry}]}";
    world.spec(corrected);
    world.settle();
    assertThat(world.taken(Step.ReplacePod.class)).as("it runs").isEmpty();

    world.waitsFor("ImagePullBackOff");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.pod.orElseThrow().getSpec().getImagePullSecrets())
        .extracting(LocalObjectReference::getName)
        .containsExactly("registry");

    world.waitsFor("ErrImagePull");
    world.settle();
    assertThat(world.taken(Step.ReplacePod.class)).as("a new one would be the same").hasSize(1);
  }

  @Test
  void aNewVersionOfTheOperatorRestartsNoStore() {
    var world = World.with(SPEC).settle();
    var pod = world.pod.orElseThrow().getMetadata().getUid();
    var set = world.object(StatefulSet.class, "sessions");
    set.getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .setTerminationMessagePolicy("File");
    set.getSpec().getTemplate().getSpec().setTerminationGracePeriodSeconds(5L);

    world.newOperator("holdfast/store:2.0");
    world.settle();

    assertThat(world.pod.orElseThrow().getMetadata().getUid()).isEqualTo(pod);
    assertThat(world.status.orElseThrow().image()).isEqualTo("holdfast/store:1.0");
    assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
  }

  @Test
  void whatOnlyAStartCanChangeReplacesThePodOnceTheSetIsUpToDate() {
    var world = World.with(SPEC).settle();

    world.spec("{storage: {size: 1Gi}, image: 'example.org/store:2', config: {databases: '4'}}");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.pod.orElseThrow().getSpec().getContainers().getFirst().getImage())
        .isEqualTo("example.org/store:2");
    assertThat(world.live).containsEntry("databases", "4");
    assertThat(world.reasons()).contains("PodReplaced");
  }

  @Test
  void aPodIsNotReplacedBeforeItsSetIsKnownToBeUpToDate() {
    var world = World.with(SPEC).settle();
    world.spec("{storage: {size: 1Gi}, image: 'example.org/store:2'}");

    var first = world.plan();

    assertThat(first.steps()).noneMatch(Step.ReplacePod.class::isInstance);
  }

  @Test
  void theStopAnnotationTakesThePodAwayAndKeepsTheVolume() {
    var world = World.with(SPEC).settle();

    world.annotate(StoreAnnotations.STOP, "true");
    world.settle();

    assertThat(world.pod).isEmpty();
    assertThat(world.objects).containsKey("PersistentVolumeClaim/data-sessions-0");
    assertThat(world.condition("Ready").reason()).isEqualTo("Stopped");
    assertThat(world.condition("Paused").status()).isEqualTo(Status.TRUE);

    world.annotate(StoreAnnotations.STOP, null);
    world.settle();

    assertThat(world.condition("Ready").status()).isEqualTo(Status.TRUE);
  }

  @Test
  void aStoreThatHasServedExpectsDataFromThenOnAlsoInAPodThatAlreadyRuns() {
    var world = World.with(SPEC).settle();

    assertThat(world.pod.orElseThrow().getMetadata().getAnnotations())
        .containsEntry(StoreAnnotations.EXPECT_DATA, "true");
    assertThat(
            world
                .object(PersistentVolumeClaim.class, "data-sessions-0")
                .getMetadata()
                .getAnnotations())
        .containsEntry(StoreAnnotations.HAS_DATA, "true");
  }

  @Test
  void aStoreCreatedAgainAdoptsTheVolumeOfTheEarlierOne() {
    var world = World.with(SPEC).settle();
    world.deleteStore();

    world.create("5e55105e-0000-4000-8000-000000000002", SPEC);
    world.settle();

    assertThat(world.status.orElseThrow().storeId())
        .isEqualTo("5e55105e-0000-4000-8000-000000000001");
    assertThat(world.pod.orElseThrow().getMetadata().getAnnotations())
        .containsEntry(StoreAnnotations.EXPECT_DATA, "true");
    assertThat(world.reasons()).containsOnlyOnce("VolumeAdopted");
  }

  @Test
  void aClaimThatDoesNotSayWhoseItIsIsNotUsed() {
    var world = World.with(SPEC);
    world.put(
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName("data-sessions-0")
            .endMetadata()
            .build());

    world.settle();

    assertThat(world.objects).doesNotContainKey("StatefulSet/sessions");
    assertThat(world.condition("RecoveryRequired").reason()).isEqualTo("UnknownVolume");
    assertThat(world.condition("RecoveryRequired").message())
        .contains("store.holdfast.dev/store-id");
    assertThat(world.condition("Stalled").status()).isEqualTo(Status.TRUE);
  }

  @Test
  void aClaimOfAnotherIdentityIsNotUsedAndWhatRunsIsNotTouched() {
    var world = World.with(SPEC).settle();
    world
        .object(PersistentVolumeClaim.class, "data-sessions-0")
        .getMetadata()
        .getAnnotations()
        .put(StoreAnnotations.STORE_ID, "somebody-elses");

    assertThat(world.plan().steps()).isEmpty();
    world.settle();

    assertThat(world.condition("RecoveryRequired").reason()).isEqualTo("ForeignVolume");
  }

  @Test
  void aVolumeThatIsGoneIsMadeAnewAndToldAsALoss() {
    var world = World.with(SPEC).settle();
    world.objects.remove("PersistentVolumeClaim/data-sessions-0");

    world.settle();

    assertThat(world.reasons()).contains("VolumeMissing");
    assertThat(
            world
                .object(PersistentVolumeClaim.class, "data-sessions-0")
                .getMetadata()
                .getAnnotations())
        .containsEntry(StoreAnnotations.STORE_ID, "5e55105e-0000-4000-8000-000000000001");
  }

  @Test
  void storageGrowsInPlaceAndTheSetKeepsItsTemplate() {
    var world = World.with(SPEC).settle();

    world.spec("storage: {size: 2Gi}");
    world.settle();

    assertThat(size(world)).isEqualTo("2Gi");
    assertThat(
            world
                .object(StatefulSet.class, "sessions")
                .getSpec()
                .getVolumeClaimTemplates()
                .getFirst()
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage")
                .toString())
        .isEqualTo("1Gi");
    assertThat(world.taken(Step.ReplacePod.class)).isEmpty();
    assertThat(world.reasons()).containsOnlyOnce("VolumeGrows");
  }

  @Test
  void anAdoptedVolumeThatIsLargerStaysAsLargeAsItIs() {
    var world = World.with("storage: {size: 4Gi}").settle();
    world.deleteStore();

    world.create("5e55105e-0000-4000-8000-000000000002", SPEC);
    world.settle();

    assertThat(size(world)).isEqualTo("4Gi");
  }

  private static String size(World world) {
    return world
        .object(PersistentVolumeClaim.class, "data-sessions-0")
        .getSpec()
        .getResources()
        .getRequests()
        .get("storage")
        .toString();
  }

  @Test
  void theClaimGoesWithTheStoreOnlyWhenThatIsAskedFor() {
    assertThat(owners(World.with(SPEC).settle())).isZero();
    assertThat(owners(World.with("storage: {size: 1Gi, reclaimPolicy: Delete}").settle())).isOne();
  }

  private static int owners(World world) {
    return world
        .object(PersistentVolumeClaim.class, "data-sessions-0")
        .getMetadata()
        .getOwnerReferences()
        .size();
  }

  @Test
  void anObjectOfSomebodyElseIsNeverTakenOver() {
    var world = World.with(SPEC);
    var theirs =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("sessions")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    world.put(theirs);

    world.settle();

    assertThat(world.object(Service.class, "sessions")).isEqualTo(theirs);
    assertThat(world.condition("Stalled").reason()).isEqualTo("NameTaken");
  }

  @Test
  void whatAnEarlierStoreLeftBehindIsWaitedFor() {
    var world = World.with(SPEC).settle();
    world.create("5e55105e-0000-4000-8000-000000000002", SPEC);

    var plan = world.reconcile();

    assertThat(plan.problems())
        .anyMatch(problem -> problem.reason().equals("LeftOver") && !problem.stalled());
    assertThat(plan.underWay()).as("it looks again soon").isTrue();
  }

  @Test
  void aPasswordThatIsGoneIsMadeAnewAndThePodGetsIt() {
    var world = World.with(SPEC).settle();
    world.objects.remove("Secret/sessions-auth");

    world.settle();

    assertThat(world.object(Secret.class, "sessions-auth").getData())
        .containsKeys("host", "port", "username", "password");
    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
  }

  @Test
  void nothingOfThePersonsOwnAnnotationsIsCopiedToWhatBelongsToAStore() {
    var world = World.with(SPEC);
    world.annotate("kubectl.kubernetes.io/last-applied-configuration", "{}");
    world.annotate("argocd.argoproj.io/tracking-id", "app");

    world.settle();

    assertThat(world.objects.values())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getAnnotations().keySet())
                    .allMatch(key -> key.startsWith("store.holdfast.dev/")));
  }

  @Test
  void labelsAndAnnotationsThatAreAddedReachTheRunningPod() {
    var world = World.with(SPEC).settle();

    world.spec("{storage: {size: 1Gi}, pod: {labels: {team: shop}, annotations: {a: b}}}");
    world.settle();

    assertThat(world.pod.orElseThrow().getMetadata().getLabels()).containsEntry("team", "shop");
    assertThat(world.pod.orElseThrow().getMetadata().getAnnotations()).containsEntry("a", "b");
    assertThat(world.told)
        .extracting(Notice::message)
        .containsOnlyOnce("pod sessions-0 gets a, team of spec.pod");
    assertThat(world.taken(Step.ReplacePod.class)).isEmpty();
  }

  @Test
  void aLimitTooSmallForWhatIsAskedIsRefusedWithTheFigureAndNothingIsTouched() {
    var world =
        World.with(
            "{storage: {size: 1Gi}, resources: {limits: {memory: 512Mi}}, config: {maxmemory: 1gb}}");

    world.settle();

    assertThat(world.objects).isEmpty();
    assertThat(world.condition("Stalled").reason()).isEqualTo("InvalidSpec");
    assertThat(world.condition("Stalled").message()).contains("1266Mi");
  }
}
