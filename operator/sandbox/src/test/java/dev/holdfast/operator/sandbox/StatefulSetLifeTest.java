package dev.holdfast.operator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** StatefulSets, their claims and volumes, and the sandbox coming back. */
class StatefulSetLifeTest {
  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void start() throws IOException {
    lab = new Lab(folder);
  }

  @AfterEach
  void stop() throws IOException {
    lab.close();
  }

  @Test
  void aSetHasOnePodAfterTheOtherEachWithItsVolume() throws IOException {
    lab.make(set("db", "OnDelete", 2));
    lab.awaitPod("db-1", Lab::ready);
    assertThat(lab.pod("db-0").getMetadata().getCreationTimestamp())
        .isLessThanOrEqualTo(lab.pod("db-1").getMetadata().getCreationTimestamp());
    assertThat(lab.pod("db-0").getMetadata().getLabels())
        .containsEntry("statefulset.kubernetes.io/pod-name", "db-0")
        .containsKey("controller-revision-hash");
    assertThat(lab.sandbox.claimFolder("default", "data-db-0"))
        .isNotEqualTo(lab.sandbox.claimFolder("default", "data-db-1"));
    await().atMost(Lab.PATIENCE).until(() -> readyReplicas("db") == 2);
    scale("db", 1);
    await().atMost(Lab.PATIENCE).until(() -> lab.pod("db-1") == null);
    assertThat(claim("data-db-1").getStatus().getPhase()).isEqualTo("Bound");
  }

  @Test
  void aChangedTemplateReachesPodsAsTheStrategySays() throws IOException {
    lab.make(set("rolling", "RollingUpdate", 1));
    lab.make(set("waiting", "OnDelete", 1));
    lab.awaitPod("rolling-0", Lab::ready);
    lab.awaitPod("waiting-0", Lab::ready);
    String rolled = lab.pod("rolling-0").getMetadata().getUid();
    String kept = lab.pod("waiting-0").getMetadata().getUid();
    annotateTemplate("rolling");
    annotateTemplate("waiting");
    lab.awaitPod("rolling-0", pod -> !pod.getMetadata().getUid().equals(rolled) && Lab.ready(pod));
    assertThat(lab.pod("waiting-0").getMetadata().getUid()).isEqualTo(kept);
    lab.client.pods().inNamespace("default").withName("waiting-0").delete();
    lab.awaitPod(
        "waiting-0",
        pod ->
            !pod.getMetadata().getUid().equals(kept)
                && "2".equals(pod.getMetadata().getAnnotations().get("version")));
  }

  @Test
  void aVolumeOutlivesItsSet() throws IOException {
    lab.make(set("again", "OnDelete", 1));
    lab.awaitPod("again-0", Lab::ready);
    Path data = lab.sandbox.claimFolder("default", "data-again-0");
    Files.writeString(data.resolve("kept"), "still here");
    lab.client.apps().statefulSets().inNamespace("default").withName("again").delete();
    await().atMost(Lab.PATIENCE).until(() -> lab.pod("again-0") == null);
    lab.make(set("again", "OnDelete", 1));
    lab.awaitPod("again-0", Lab::ready);
    assertThat(lab.sandbox.claimFolder("default", "data-again-0").resolve("kept"))
        .hasContent("still here");
  }

  @Test
  void aClaimThatIsDeletedWaitsForItsPodAndThenTakesTheFilesAlong() throws IOException {
    lab.make(set("gone", "OnDelete", 1));
    lab.awaitPod("gone-0", Lab::ready);
    Path data = lab.sandbox.claimFolder("default", "data-gone-0");
    lab.client.persistentVolumeClaims().inNamespace("default").withName("data-gone-0").delete();
    assertThat(claim("data-gone-0").getMetadata().getDeletionTimestamp()).isNotNull();
    assertThat(Lab.ready(lab.pod("gone-0"))).isTrue();
    lab.client.apps().statefulSets().inNamespace("default").withName("gone").delete();
    await().atMost(Lab.PATIENCE).until(() -> claim("data-gone-0") == null);
    await().atMost(Lab.PATIENCE).until(() -> !Files.exists(data));
  }

  @Test
  void aVolumeHasTheSizeOfItsClaimAndGrowsWithIt() throws IOException {
    assumeTrue(lab.sandbox.enforcesClaimSize(), "only root can mount a file system per volume");
    lab.make(set("sized", "OnDelete", 1));
    lab.awaitPod("sized-0", Lab::ready);
    Path data = lab.sandbox.claimFolder("default", "data-sized-0");
    assertThat(Files.getFileStore(data).getTotalSpace()).isLessThan(64L << 20);
    assertThatThrownBy(() -> Files.write(data.resolve("big"), new byte[64 << 20]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    Files.delete(data.resolve("big"));
    var claims = lab.client.persistentVolumeClaims().inNamespace("default");
    claims
        .withName("data-sized-0")
        .edit(
            claim ->
                new PersistentVolumeClaimBuilder(claim)
                    .editSpec()
                    .editResources()
                    .addToRequests("storage", new Quantity("128Mi"))
                    .endResources()
                    .endSpec()
                    .build());
    scale("sized", 0);
    await()
        .atMost(Lab.PATIENCE)
        .until(
            () ->
                claim("data-sized-0")
                    .getStatus()
                    .getCapacity()
                    .get("storage")
                    .toString()
                    .equals("128Mi"));
    Path grown = lab.sandbox.claimFolder("default", "data-sized-0");
    assertThat(Files.getFileStore(grown).getTotalSpace()).isGreaterThan(64L << 20);
  }

  @Test
  void theSandboxComesBackWithItsObjectsAddressesAndFiles() throws IOException {
    lab.make(set("back", "OnDelete", 1));
    lab.awaitPod("back-0", Lab::ready);
    Files.writeString(
        lab.sandbox.claimFolder("default", "data-back-0").resolve("kept"), "still here");
    var before = lab.pod("back-0");
    ProcessHandle process = lab.sandbox.process("default", "back-0", "");
    lab.close();
    assertThat(process.isAlive()).isFalse();

    lab = new Lab(folder);
    lab.awaitPod("back-0", pod -> restarts(pod) == 1 && Lab.ready(pod));
    var after = lab.pod("back-0");
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
    assertThat(lab.sandbox.claimFolder("default", "data-back-0").resolve("kept"))
        .hasContent("still here");
  }

  @Test
  void aStateFolderBelongsToOneSandboxAtATime() {
    assertThatThrownBy(() -> Sandbox.start(Settings.in(folder.resolve("state"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is in use by another sandbox");
  }

  private static int restarts(io.fabric8.kubernetes.api.model.Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
  }

  private PersistentVolumeClaim claim(String name) {
    return lab.client.persistentVolumeClaims().inNamespace("default").withName(name).get();
  }

  private int readyReplicas(String name) {
    Integer ready =
        lab.client
            .apps()
            .statefulSets()
            .inNamespace("default")
            .withName(name)
            .get()
            .getStatus()
            .getReadyReplicas();
    return ready == null ? 0 : ready;
  }

  private void scale(String name, int replicas) {
    lab.client
        .apps()
        .statefulSets()
        .inNamespace("default")
        .withName(name)
        .edit(
            set -> new StatefulSetBuilder(set).editSpec().withReplicas(replicas).endSpec().build());
  }

  private void annotateTemplate(String name) {
    lab.client
        .apps()
        .statefulSets()
        .inNamespace("default")
        .withName(name)
        .edit(
            set ->
                new StatefulSetBuilder(set)
                    .editSpec()
                    .editTemplate()
                    .editMetadata()
                    .addToAnnotations("version", "2")
                    .endMetadata()
                    .endTemplate()
                    .endSpec()
                    .build());
  }

  private static String set(String name, String strategy, int replicas) {
    return """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: %1$s}
        spec:
          serviceName: %1$s
          replicas: %3$d
          updateStrategy: {type: %2$s}
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: lab/shell:1
                args: ["trap 'exit 0' TERM; while true; do sleep 0.1; done"]
                volumeMounts: [{name: data, mountPath: /data}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOncePod], resources: {requests: {storage: 64Mi}}}
        """
        .formatted(name, strategy, replicas);
  }
}
