package dev.holdfast.operator.e2e;

import dev.holdfast.operator.e2e.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/**
 * A namespace of its own for each scenario, on the one cluster of the run; both are taken away at
 * the end.
 *
 * <p>A scenario that not every cluster can run has a tag, and the build leaves it out on the
 * others.
 */
abstract class Scenario {
  /** Tag of a scenario that only a cluster of real nodes can run. */
  static final String REAL_CLUSTER = "real-cluster";

  /** Tag of a scenario that only the sandbox can run. */
  static final String SANDBOX = "sandbox";

  /**
   * A start-up with an image that is there; generous, because the machines are shared. Targets are
   * measured, not asserted here.
   */
  static final Duration START = Duration.ofSeconds(90);

  static final Duration SOON = Duration.ofSeconds(30);

  private static TestCluster shared;

  String namespace;

  static synchronized TestCluster cluster() {
    if (shared == null) {
      shared = TestCluster.fromProperties();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "close-cluster"));
    }
    return shared;
  }

  @BeforeEach
  void createNamespace(TestInfo scenario) {
    if (scenario.getTags().contains(REAL_CLUSTER)) {
      System.out.println("only on a real cluster: " + scenario.getDisplayName());
    }
    namespace = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
    cluster()
        .client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
  }

  @AfterEach
  void removeNamespace() {
    cluster().client().namespaces().withName(namespace).delete();
    Awaitility.await("namespace " + namespace + " is gone")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> cluster().client().namespaces().withName(namespace).get() == null);
  }

  Store store(String name) {
    return new Store(cluster(), namespace, name);
  }

  static void needs(TestCluster.Ability ability) {
    Assumptions.assumeTrue(
        cluster().abilities().contains(ability),
        () -> "the " + cluster().kind() + " cluster cannot do this: " + ability);
  }

  static String sessions(String name, String extra) {
    return """
        apiVersion: holdfast.dev/v1alpha1
        kind: PersistentStore
        metadata: {name: %s}
        spec:
          storage: {size: 64Mi}
          resources: {requests: {cpu: 50m, memory: 256Mi}, limits: {memory: 256Mi}}
        %s
        """
        .formatted(name, extra.indent(2));
  }
}
