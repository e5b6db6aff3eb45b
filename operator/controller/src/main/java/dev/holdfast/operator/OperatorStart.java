package dev.holdfast.operator;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the operator once the API server knows its resources. The framework would end the process
 * when the CRD comes a moment later than the operator, as it does when both are applied at once, or
 * when the API server is away.
 */
@Singleton
public class OperatorStart {

  private static final Logger LOG = LoggerFactory.getLogger(OperatorStart.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final Operator operator;
  private volatile boolean over;
  private volatile boolean started;

  OperatorStart(KubernetesClient client, Operator operator) {
    this.client = client;
    this.operator = operator;
  }

  void start(@Observes StartupEvent event) {
    Thread.ofPlatform().name("operator-start").daemon().start(this::startWhenPossible);
  }

  void stop(@Observes ShutdownEvent event) {
    over = true;
    if (started) {
      operator.stop();
    }
  }

  private void startWhenPossible() {
    var said = "";
    for (var missing = missing(); !over && !missing.isEmpty(); missing = missing()) {
      if (!missing.equals(said)) {
        LOG.info("waiting to start: {}", missing);
        said = missing;
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (over) {
      return;
    }
    try {
      started = true;
      operator.start();
      LOG.info("started");
    } catch (RuntimeException e) {
      LOG.error("the operator could not start, and ends: {}", e.getMessage(), e);
      Quarkus.asyncExit(1);
    }
  }

  /** What is missing for a start, in words; empty when nothing is. */
  private String missing() {
    try {
      client
          .resources(PersistentStore.class)
          .inAnyNamespace()
          .list(new ListOptionsBuilder().withLimit(1L).build());
      return "";
    } catch (KubernetesClientException e) {
      return e.getCode() == 404
          ? "the API server does not know PersistentStore yet; apply crds/"
          : "the API server gives no list of PersistentStore: " + e.getMessage();
    }
  }
}
