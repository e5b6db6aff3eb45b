package dev.holdfast.operator.e2e.cluster;

import dev.holdfast.operator.sandbox.Sandbox;
import dev.holdfast.operator.sandbox.Settings;
import dev.holdfast.operator.sandbox.Settings.Image;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * The sandbox in this process, with the real operator as a process of its own. Everything lies in
 * {@code target/sandbox} of the folder that the run starts in, or where the system property {@code
 * sandbox.state} says.
 */
final class SandboxCluster implements TestCluster {
  private final Sandbox sandbox;
  private final KubernetesClient client;
  private final Path jar = Build.output("operator/controller/target/quarkus-app/quarkus-run.jar");
  private Process operator;

  private SandboxCluster(Sandbox sandbox) throws IOException {
    this.sandbox = sandbox;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(sandbox.kubeconfig().toFile()))
            .build();
  }

  static SandboxCluster start() {
    try {
      var parent = Path.of(System.getProperty("sandbox.state", "target/sandbox")).toAbsolutePath();
      Files.createDirectories(parent);
      var store =
          new Image(Build.output("store-image/image/target/holdfast-store"), "holdfast-prepare");
      var settings =
          Settings.in(Files.createTempDirectory(parent, "cluster-"))
              .withImages(Map.of("holdfast/store:*", store));
      return furnished(Sandbox.start(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sandbox with the definitions and an operator; closed when that cannot be. */
  private static SandboxCluster furnished(Sandbox sandbox) throws IOException {
    try {
      var cluster = new SandboxCluster(sandbox);
      sandbox.apply(Build.root().resolve("crds/persistentstores.holdfast.dev.yaml"));
      cluster.startOperator();
      return cluster;
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  @Override
  public String kind() {
    return "sandbox";
  }

  @Override
  public Set<Ability> abilities() {
    var abilities = EnumSet.of(Ability.SECOND_OPERATOR);
    if (sandbox.enforcesClaimSize()) {
      abilities.add(Ability.FULL_VOLUME);
    }
    return abilities;
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public InetSocketAddress reach(String namespace, String pod, int port) {
    return new InetSocketAddress(
        client.pods().inNamespace(namespace).withName(pod).get().getStatus().getPodIP(), port);
  }

  @Override
  public void kill(String namespace, String pod) {
    var process = sandbox.process(namespace, pod, "");
    if (process == null || !process.destroyForcibly()) {
      throw new IllegalStateException("no process of pod " + namespace + "/" + pod);
    }
  }

  @Override
  public void onVolume(String namespace, String claim, VolumeWork work) {
    try {
      work.on(new FolderVolume(sandbox.claimFolder(namespace, claim)));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stopOperator() {
    end(operator);
  }

  @Override
  public void startOperator() {
    operator = launch();
  }

  @Override
  public AutoCloseable secondOperator() {
    var second = launch();
    return () -> end(second);
  }

  private Process launch() {
    try {
      return sandbox.startOperator(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(Process process) {
    process.destroy();
    Awaitility.await("the operator ends")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !process.isAlive());
  }

  @Override
  public AutoCloseable apiOutage() {
    throw new UnsupportedOperationException("the sandbox's API server is in this process");
  }

  @Override
  public void close() {
    try {
      client.close();
      sandbox.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
