package dev.holdfast.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when it leads and the lease is not its own any more: after a minute without an
 * API server the elector was seen to go on without renewing, and a second operator led beside it.
 *
 * <p>One thread reads the lease, which may hang; another looks at the clock, which does not.
 */
final class LeaderGuard {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderGuard.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** With a second for each of the looks, less than the lease's 15 seconds. */
  private static final Duration LIMIT = Duration.ofSeconds(12);

  private final KubernetesClient client;
  private final String namespace;
  private final String lease;
  private final String identity;
  private final Duration limit;
  private final Consumer<String> end;

  /**
   * @param end ends the process, and is told why
   */
  LeaderGuard(
      KubernetesClient client,
      String namespace,
      String lease,
      String identity,
      Consumer<String> end) {
    this(client, namespace, lease, identity, LIMIT, end);
  }

  /**
   * @param limit how long the lease may stay without a renewal
   */
  LeaderGuard(
      KubernetesClient client,
      String namespace,
      String lease,
      String identity,
      Duration limit,
      Consumer<String> end) {
    this.client = client;
    this.namespace = namespace;
    this.lease = lease;
    this.identity = identity;
    this.limit = limit;
    this.end = end;
  }

  /** This process leads from now on. */
  void leads() {
    var watch = new LeaseWatch(identity, limit.toNanos(), System.nanoTime());
    repeat("lease", () -> read(watch));
    repeat("lease clock", () -> watch.lost(System.nanoTime()));
  }

  private Optional<String> read(LeaseWatch watch) {
    var asked = System.nanoTime();
    try {
      var seen = client.leases().inNamespace(namespace).withName(lease).get();
      return seen == null
          ? watch.lost(asked)
          : watch.seen(seen.getSpec().getHolderIdentity(), seen.getSpec().getRenewTime(), asked);
    } catch (KubernetesClientException e) {
      LOG.debug("the lease cannot be read: {}", e.getMessage());
      return watch.lost(asked);
    }
  }

  private interface Look {
    Optional<String> why();
  }

  private void repeat(String name, Look look) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                var why = look.why();
                while (why.isEmpty()) {
                  Thread.sleep(LOOK);
                  why = look.why();
                }
                end.accept(why.get());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
