package dev.holdfast.operator.sandbox.contract;

import dev.holdfast.operator.sandbox.Sandbox;
import dev.holdfast.operator.sandbox.Settings;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The cluster that the contract is tried on: a sandbox of its own, or with {@code
 * -Dholdfast.kubeconfig=FILE} any other. Every class gets a namespace and takes it away again.
 */
final class ClusterUnderTest implements BeforeAllCallback, AfterAllCallback {
  private static final String SAMPLES = "/samples.test.holdfast.dev.json";

  private Shared shared;
  private String namespace;

  private static final class Shared implements AutoCloseable {
    final Path kubeconfig;
    final Sandbox sandbox;
    final KubernetesClient client;

    Shared() {
      try {
        String given = System.getProperty("holdfast.kubeconfig", "");
        if (given.isEmpty()) {
          Path state = Files.createTempDirectory("sandbox-contract");
          sandbox = Sandbox.start(Settings.in(state));
          kubeconfig = sandbox.kubeconfig();
        } else {
          sandbox = null;
          kubeconfig = Path.of(given);
        }
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        config.setRequestRetryBackoffLimit(0);
        client = new KubernetesClientBuilder().withConfig(config).build();
        installSamples();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void installSamples() throws IOException {
      var api = new Api(client);
      String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      try (var file = ClusterUnderTest.class.getResourceAsStream(SAMPLES)) {
        api.post(definitions, new String(file.readAllBytes()));
      }
      long end = System.nanoTime() + 20_000_000_000L;
      while (api.get("/apis/test.holdfast.dev/v1/samples").status() != 200) {
        if (System.nanoTime() > end) {
          throw new AssertionError("the definition of samples was not established");
        }
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() throws IOException {
      new Api(client)
          .delete(
              "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/samples.test.holdfast.dev");
      client.close();
      if (sandbox != null) {
        sandbox.close();
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    shared =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent(Shared.class, type -> new Shared(), Shared.class);
    namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
    client()
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    client().namespaces().withName(namespace).delete();
  }

  KubernetesClient client() {
    return shared.client;
  }

  Api api() {
    return new Api(shared.client);
  }

  Path kubeconfig() {
    return shared.kubeconfig;
  }

  String namespace() {
    return namespace;
  }

  String configMaps() {
    return "/api/v1/namespaces/" + namespace + "/configmaps";
  }

  String samples() {
    return "/apis/test.holdfast.dev/v1/namespaces/" + namespace + "/samples";
  }

  String statefulSets() {
    return "/apis/apps/v1/namespaces/" + namespace + "/statefulsets";
  }

  static String configMap(String name, String data) {
    return """
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}, "data": %s}"""
        .formatted(name, data);
  }

  static String labelled(String name, String labels) {
    return """
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s", "labels": %s}}"""
        .formatted(name, labels);
  }

  static String sample(String name, String spec) {
    return """
        {"apiVersion": "test.holdfast.dev/v1", "kind": "Sample",
         "metadata": {"name": "%s"}, "spec": %s}"""
        .formatted(name, spec);
  }

  /** A StatefulSet without pods. */
  static String statefulSet(String name, String container) {
    return """
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "%1$s"},
         "spec": {"serviceName": "%1$s", "replicas": 0,
           "selector": {"matchLabels": {"app": "%1$s"}},
           "template": {"metadata": {"labels": {"app": "%1$s"}},
             "spec": {"containers": [%2$s]}}}}"""
        .formatted(name, container);
  }
}
