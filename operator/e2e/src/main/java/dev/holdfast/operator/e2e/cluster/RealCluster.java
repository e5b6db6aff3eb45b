package dev.holdfast.operator.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * What the real clusters share: everything that goes through the API and a shell on the only node.
 */
abstract class RealCluster implements TestCluster {
  static final String SYSTEM = "holdfast-system";
  static final String OPERATOR = "holdfast-operator";

  abstract Node node();

  @Override
  public void kill(String namespace, String pod) {
    var uid = pod(namespace, pod).getMetadata().getUid();
    node()
        .run(
            """
            for p in $(grep -l %s /proc/[0-9]*/cgroup 2>/dev/null | cut -d/ -f3); do
              if tr '\\0' ' ' </proc/$p/cmdline | grep -q holdfast; then kill -9 "$p"; found=yes; fi
            done
            [ "${found:-}" = yes ] || { echo "no process of pod %s"; exit 1; }
            """
                .formatted(uid, pod));
  }

  /**
   * By its mount while a pod has it; otherwise its backing file is mounted for the work and
   * unmounted after it.
   */
  @Override
  public void onVolume(String namespace, String claim, VolumeWork work) {
    var name =
        client()
            .persistentVolumeClaims()
            .inNamespace(namespace)
            .withName(claim)
            .get()
            .getSpec()
            .getVolumeName();
    var volume = client().persistentVolumes().withName(name).get();
    var mounted =
        node()
            .run("findmnt -rno TARGET | grep 'pods/.*%s' | head -n 1 || true".formatted(name))
            .strip();
    if (!mounted.isEmpty()) {
      apply(work, new NodeVolume(node(), mounted));
    } else if (volume.getSpec().getCsi() != null) {
      var folder = "/mnt/holdfast-e2e-" + name;
      node()
          .run(
              "mkdir -p %2$s && mount -o loop %1$s/%3$s.img %2$s"
                  .formatted(
                      node().volumeImages(), folder, volume.getSpec().getCsi().getVolumeHandle()));
      try {
        apply(work, new NodeVolume(node(), folder));
      } finally {
        node().run("umount %1$s && rmdir %1$s".formatted(folder));
      }
    } else {
      var path =
          volume.getSpec().getHostPath() != null
              ? volume.getSpec().getHostPath().getPath()
              : volume.getSpec().getLocal().getPath();
      apply(work, new NodeVolume(node(), path));
    }
  }

  private static void apply(VolumeWork work, VolumeFiles files) {
    try {
      work.on(files);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stopOperator() {
    scale(0);
  }

  @Override
  public void startOperator() {
    scale(1);
  }

  @Override
  public AutoCloseable secondOperator() {
    scale(2);
    return () -> scale(1);
  }

  private void scale(int replicas) {
    client().apps().deployments().inNamespace(SYSTEM).withName(OPERATOR).scale(replicas);
    Awaitility.await("operator at " + replicas + " replicas")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              var pods =
                  client()
                      .pods()
                      .inNamespace(SYSTEM)
                      .withLabel("app.kubernetes.io/component", "operator")
                      .list()
                      .getItems();
              return pods.size() == replicas && pods.stream().allMatch(RealCluster::isReady);
            });
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  Pod pod(String namespace, String pod) {
    return client().pods().inNamespace(namespace).withName(pod).get();
  }

  /** Waits for the operator that was just applied. */
  static void awaitOperator(KubernetesClient client) {
    Awaitility.await("the operator is ready")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(250))
        .until(
            () -> {
              var deployment =
                  client.apps().deployments().inNamespace(SYSTEM).withName(OPERATOR).get();
              return deployment != null
                  && deployment.getStatus() != null
                  && deployment.getStatus().getReadyReplicas() != null
                  && deployment.getStatus().getReadyReplicas() > 0;
            });
  }
}
