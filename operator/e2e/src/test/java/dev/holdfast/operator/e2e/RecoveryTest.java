package dev.holdfast.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Damage that needs a person: nothing is cut on its own, nothing restarts in a loop, and one
 * annotation goes on.
 */
class RecoveryTest extends Scenario {
  private static final int KEYS = 5_000;

  @Test
  void damageInTheMiddleParksTheStoreUntilItIsApproved() {
    var store = store("middle");
    store.apply(
        sessions(
            "middle",
            "persistence: {appendonly: true, appendfsync: always, aofUseRdbPreamble: false}\n"));
    store.awaitReady(START);
    try (var client = store.connect()) {
      Keys.write(client, 0, KEYS);
    }
    store.annotate("store.holdfast.dev/stop", "true");
    store.await("the pod is taken away", START, () -> store.pod() == null);
    cluster()
        .onVolume(
            namespace,
            store.claimName(),
            files -> {
              var file = files.newestIncrement();
              var text = new String(files.read(file), StandardCharsets.ISO_8859_1);
              files.overwrite(file, text.indexOf("*3\r\n", text.length() / 2), new byte[4]);
            });
    store.annotate("store.holdfast.dev/stop", null);
    store.await("RecoveryRequired", START, () -> store.is("RecoveryRequired"));
    assertThat(store.isNow("Ready")).isFalse();
    assertThat(store.status("lastCheck", "verdict")).isEqualTo("CorruptMiddle");
    var id = (String) store.status("lastCheck", "id");
    assertThat((String) store.condition("RecoveryRequired").get("message"))
        .contains("CorruptMiddle", "store.holdfast.dev/approve-recovery", id);
    var pod = store.pod();
    assertThat(pod.getStatus().getContainerStatuses().getFirst().getRestartCount()).isZero();

    store.annotate("store.holdfast.dev/approve-recovery", "0000000000000000");
    store.await(
        "a wrong approval is told",
        SOON,
        () ->
            ((String) store.condition("RecoveryRequired").get("message"))
                .contains("approves nothing here"));
    assertThat(store.pod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());

    store.annotate("store.holdfast.dev/approve-recovery", id);
    store.await(
        "serving again", START, () -> store.isNow("Ready") && !store.is("RecoveryRequired"));
    assertThat(((Number) store.status("lastRepair", "droppedBytes")).longValue()).isPositive();
    try (var client = store.connect()) {
      assertThat(client.dbSize()).isBetween(KEYS / 3L, KEYS * 2L / 3);
    }
  }
}
