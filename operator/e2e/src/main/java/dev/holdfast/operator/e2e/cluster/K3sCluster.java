package dev.holdfast.operator.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * K3s in a container; the system property {@code k3s.image} names another image than the released
 * one.
 */
final class K3sCluster extends RealCluster implements Node {
  private final K3sContainer container;
  private final KubernetesClient client;
  private final List<LocalPortForward> forwards = new ArrayList<>();

  private K3sCluster(K3sContainer container) {
    this.container = container;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(container.getKubeConfigYaml()))
            .build();
  }

  @SuppressWarnings("resource") // close() stops the container
  static K3sCluster start() {
    var image =
        DockerImageName.parse(System.getProperty("k3s.image", "rancher/k3s:v1.36.3-k3s1"))
            .asCompatibleSubstituteFor("rancher/k3s");
    var container = new K3sContainer(image);
    container.start();
    var cluster = new K3sCluster(container);
    cluster.install();
    return cluster;
  }

  private void install() {
    container.copyFileToContainer(
        MountableFile.forHostPath(
            Build.output("store-image/image/target/holdfast-store-image.tar")),
        "/store.tar");
    container.copyFileToContainer(
        MountableFile.forHostPath(
            Build.output("operator/controller/target/holdfast-operator-image.tar")),
        "/operator.tar");
    run("ctr images import /store.tar && ctr images import /operator.tar");
    // rendered here: the container's kubectl may be too old for it
    var manifests = new LocalNode().run("kubectl kustomize " + Build.root().resolve("config"));
    client
        .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(object -> client.resource(object).forceConflicts().serverSideApply());
    awaitOperator(client);
  }

  @Override
  public String run(String script) {
    try {
      var result = container.execInContainer("sh", "-euc", script);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(
            "in the K3s container: " + script + "\n" + result.getStdout() + result.getStderr());
      }
      return result.getStdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String volumeImages() {
    return "/var/lib/holdfast-cluster/volumes";
  }

  @Override
  Node node() {
    return this;
  }

  @Override
  public String kind() {
    return "k3s";
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.FULL_VOLUME, Ability.SECOND_OPERATOR);
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public InetSocketAddress reach(String namespace, String pod, int port) {
    var forward = client.pods().inNamespace(namespace).withName(pod).portForward(port);
    forwards.add(forward);
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), forward.getLocalPort());
  }

  @Override
  public AutoCloseable apiOutage() {
    throw new UnsupportedOperationException("the API server cannot be taken away inside K3s");
  }

  @Override
  public void close() {
    for (var forward : forwards) {
      try {
        forward.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    client.close();
    container.stop();
  }
}
