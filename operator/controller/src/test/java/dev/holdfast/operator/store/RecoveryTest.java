package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Step;
import org.junit.jupiter.api.Test;

class RecoveryTest {

  private static final String SPEC = "storage: {size: 1Gi}";
  private static final String ID = "9f2c61d07b3a4e55";

  private static World parked(String id, String verdict) {
    var world = World.with(SPEC).settle();
    world.check = World.parked(id, verdict, "BudgetExceeded");
    return world.settle();
  }

  @Test
  void aParkedPodIsReportedWithWhatIsAtStakeAndTheAnnotationThatApproves() {
    var world = parked(ID, "CorruptMiddle");

    var condition = world.condition("RecoveryRequired");
    assertThat(condition.status()).isEqualTo(Status.TRUE);
    assertThat(condition.message())
        .contains("offset 512")
        .contains("9000 bytes and 30 commands")
        .contains("store.holdfast.dev/approve-recovery=" + ID);
    assertThat(world.condition("Ready").status()).isEqualTo(Status.FALSE);
    assertThat(world.condition("AOFVerified").reason()).isEqualTo("CorruptMiddle");
    assertThat(world.status.orElseThrow().lastCheck().id()).isEqualTo(ID);
  }

  @Test
  void dataThatCannotBeReadIsReportedAndNothingIsThereToApprove() {
    var world = parked(ID, "Unreadable");

    var condition = world.condition("RecoveryRequired");
    assertThat(condition.status()).isEqualTo(Status.TRUE);
    assertThat(condition.reason()).isEqualTo("Unreadable");
    assertThat(condition.message())
        .contains("appendonlydir/appendonly.aof.1.incr.aof")
        .endsWith("; a decision is needed")
        .doesNotContain("approve-recovery");
  }

  @Test
  void anApprovalReplacesThePodByOneThatCarriesTheVerdictsId() {
    var world = parked(ID, "CorruptMiddle");

    world.annotate(StoreAnnotations.APPROVE_RECOVERY, ID);
    world.reconcile();
    world.reconcile();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.pod.orElseThrow().getMetadata().getAnnotations())
        .containsEntry(StoreAnnotations.GRANT, ID);
  }

  @Test
  void whenTheRepairIsDoneTheGrantLeavesTheTemplateAndThePodStays() {
    var world = parked(ID, "CorruptMiddle");
    world.annotate(StoreAnnotations.APPROVE_RECOVERY, ID);
    world.reconcile();
    world.reconcile();

    world.check = World.repaired("Granted");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.condition("Ready").status()).isEqualTo(Status.TRUE);
    assertThat(
            world
                .object(io.fabric8.kubernetes.api.model.apps.StatefulSet.class, "sessions")
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations())
        .doesNotContainKey(StoreAnnotations.GRANT);
    assertThat(world.status.orElseThrow().lastRepair().droppedBytes()).isEqualTo(9);
    assertThat(world.reasons()).contains("Repaired");
  }

  @Test
  void anApprovalOfAnotherVerdictApprovesNothing() {
    var world = parked(ID, "CorruptMiddle");

    world.annotate(StoreAnnotations.APPROVE_RECOVERY, "0123456789abcdef");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).isEmpty();
  }

  @Test
  void anApprovalThatIsLeftBehindDoesNotApproveTheSameLossASecondTime() {
    var world = parked(ID, "Empty");
    world.annotate(StoreAnnotations.APPROVE_RECOVERY, ID);
    world.reconcile();
    world.reconcile();
    world.check = World.repaired("Granted");
    world.settle();

    world.annotate(StoreAnnotations.STOP, "true");
    world.settle();
    world.annotate(StoreAnnotations.STOP, null);
    world.check = World.parked(ID, "Empty", "VolumeEmpty");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.condition("RecoveryRequired").status()).isEqualTo(Status.TRUE);

    world.annotate(StoreAnnotations.APPROVE_RECOVERY, null);
    world.settle();
    world.annotate(StoreAnnotations.APPROVE_RECOVERY, ID);
    world.reconcile();
    world.reconcile();

    assertThat(world.taken(Step.ReplacePod.class)).as("set anew, it approves again").hasSize(2);
  }

  @Test
  void anApprovedRepairThatParksAgainIsNotRetriedForEver() {
    var world = parked(ID, "CorruptBase");
    world.annotate(StoreAnnotations.APPROVE_RECOVERY, ID);

    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.condition("RecoveryRequired").status()).isEqualTo(Status.TRUE);
  }

  @Test
  void aLargerBudgetReplacesAPodThatIsParkedForTheOldOne() {
    var world = parked(ID, "CorruptTail");

    world.spec("{storage: {size: 1Gi}, recovery: {maxDataLoss: 64Ki}}");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.pod.orElseThrow().getMetadata().getAnnotations())
        .containsEntry(StoreAnnotations.MAX_DATA_LOSS, "65536");
  }

  @Test
  void switchingTheAofOnReplacesAPodThatIsParkedBecauseItIsOff() {
    var world = World.with("{storage: {size: 1Gi}, persistence: {appendonly: false}}").settle();
    world.check = World.parked(ID, "UnclaimedFiles", "NotRepairable");
    world.settle();
    assertThat(world.taken(Step.ReplacePod.class)).isEmpty();

    world.spec("{storage: {size: 1Gi}, persistence: {appendonly: true}}");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).hasSize(1);
    assertThat(world.file()).contains("appendonly yes");
  }

  @Test
  void aBudgetThatChangesWhileTheStoreServesReachesThePodWithoutARestart() {
    var world = World.with(SPEC).settle();

    world.spec("{storage: {size: 1Gi}, recovery: {policy: Manual}}");
    world.settle();

    assertThat(world.taken(Step.ReplacePod.class)).isEmpty();
    assertThat(world.pod.orElseThrow().getMetadata().getAnnotations())
        .containsEntry(StoreAnnotations.RECOVERY_POLICY, "Manual");
  }
}
