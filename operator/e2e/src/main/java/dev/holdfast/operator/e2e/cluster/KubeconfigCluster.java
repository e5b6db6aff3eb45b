package dev.holdfast.operator.e2e.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * The single-node cluster of {@code shared/cluster}, which {@code KUBECONFIG} names: this machine
 * is its node, so pods are reached directly and volumes are found among the mounts.
 */
final class KubeconfigCluster extends RealCluster {
  private static final Path STATE = Path.of("/var/tmp/holdfast-cluster");
  private static final Path CTR =
      Path.of(System.getProperty("user.home"), ".cache/holdfast-cluster/bin/ctr");

  private final Node node = new LocalNode();
  private final KubernetesClient client = new KubernetesClientBuilder().build();

  static KubeconfigCluster connect() {
    var cluster = new KubeconfigCluster();
    cluster.loadImages();
    cluster.install();
    return cluster;
  }

  private void loadImages() {
    for (var tar :
        new String[] {
          "store-image/image/target/holdfast-store-image.tar",
          "operator/controller/target/holdfast-operator-image.tar"
        }) {
      node.run(
          "%s -a %s/containerd/containerd.sock -n k8s.io images import --local %s"
              .formatted(CTR, STATE, Build.output(tar)));
    }
  }

  private void install() {
    node.run("kubectl apply --server-side --force-conflicts -k " + Build.root().resolve("config"));
    awaitOperator(client);
  }

  @Override
  public String kind() {
    return "kubeconfig";
  }

  @Override
  public Set<Ability> abilities() {
    var abilities =
        EnumSet.of(
            Ability.FULL_VOLUME,
            Ability.SECOND_OPERATOR,
            Ability.MEMORY_LIMIT,
            Ability.HOLD_AT_START);
    if (Files.exists(apiServerPid())) {
      abilities.add(Ability.API_OUTAGE);
    }
    return abilities;
  }

  @Override
  Node node() {
    return node;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public InetSocketAddress reach(String namespace, String pod, int port) {
    return new InetSocketAddress(pod(namespace, pod).getStatus().getPodIP(), port);
  }

  @Override
  public AutoCloseable holdAtStart(String namespace, String pod) {
    var held = YoungProcess.stop(pod(namespace, pod).getMetadata().getUid());
    return () -> node.run("kill -CONT " + held);
  }

  @Override
  public AutoCloseable apiOutage() {
    node.run("kill -STOP $(cat %s)".formatted(apiServerPid()));
    return () -> node.run("kill -CONT $(cat %s)".formatted(apiServerPid()));
  }

  private static Path apiServerPid() {
    return STATE.resolve("pids/apiserver");
  }

  @Override
  public void close() {
    client.close();
  }
}
