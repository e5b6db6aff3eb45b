package dev.holdfast.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the contract against the API server of {@code -Dcontract.kubeconfig=FILE}, where {@code
 * crds/} is applied already.
 */
class SchemaContractTest {

  private static KubernetesClient client;
  private static String namespace;

  @BeforeAll
  static void connect() throws IOException {
    var kubeconfig = System.getProperty("contract.kubeconfig");
    assumeTrue(
        kubeconfig != null,
        "skipped: -Dcontract.kubeconfig=FILE names no API server to try the schema on");
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(Path.of(kubeconfig))))
            .build();
    var made =
        client
            .namespaces()
            .resource(
                new NamespaceBuilder()
                    .withNewMetadata()
                    .withGenerateName("schema-contract-")
                    .endMetadata()
                    .build())
            .create();
    namespace = made.getMetadata().getName();
  }

  @AfterAll
  static void leave() {
    if (client != null) {
      client.namespaces().withName(namespace).delete();
      client.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> theApiServerAcceptsAndRefuses() {
    return SchemaContract.cases().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(), () -> SchemaContract.check(each, client, namespace)));
  }

  @Test
  void theApiServerFillsInTheDefaults() {
    SchemaContract.checkDefaults(client, namespace);
  }

  @Test
  void everyRefusedDirectiveHasACase() {
    assertThat(SchemaContract.cases()).hasSizeGreaterThan(ReservedDirectives.messages().size());
  }
}
