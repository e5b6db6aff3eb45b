package dev.holdfast.operator.e2e;

import dev.holdfast.operator.e2e.cluster.Build;
import dev.holdfast.operator.e2e.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The README's first command after its build: starts the sandbox, applies {@code
 * examples/sessions.yaml}, and shows what the store survives, with what the cluster and the server
 * really answer. Ends with 1 at the first thing that is not as promised.
 *
 * <p>{@code QuickStart [--stay]}: with {@code --stay} the sandbox stays up at the end until it is
 * interrupted.
 */
public final class QuickStart {
  private static final int KEYS = 100_000;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String NAMESPACE = "default";

  private final TestCluster cluster;
  private final Store store;
  private final Narrator narrator;

  private QuickStart(TestCluster cluster, Narrator narrator) {
    this.cluster = cluster;
    this.store = new Store(cluster, NAMESPACE, "sessions");
    this.narrator = narrator;
  }

  public static void main(String[] arguments) throws Exception {
    var stay = arguments.length > 0 && arguments[0].equals("--stay");
    var narrator = new Narrator(System.out);
    var failed = false;
    try (var cluster = TestCluster.fromProperties()) {
      var quickStart = new QuickStart(cluster, narrator);
      quickStart.run();
      if (stay) {
        quickStart.stay();
      }
    } catch (Exception | AssertionError e) {
      narrator.failed(e);
      failed = true;
    }
    System.exit(failed ? 1 : 0);
  }

  private void run() throws Exception {
    ready();
    written();
    reconfigured();
    rewritten();
    killed();
    damaged();
    narrator.done();
  }

  private void ready() throws Exception {
    if (cluster.client().namespaces().withName(NAMESPACE).get() == null) {
      cluster
          .client()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
          .create();
    }
    var began = System.nanoTime();
    store.apply(Files.readString(Build.root().resolve("examples/sessions.yaml")));
    store.awaitReady(LIMIT);
    narrator.paragraph(
        "Ready",
        "examples/sessions.yaml was applied; the operator made a StatefulSet, a volume, a password and services, and the store answers"
            + " after %s. If the power went now, this could be lost: %s."
                .formatted(seconds(began), store.status("durability", "effective")),
        "kubectl get persistentstore sessions",
        conditions());
  }

  private void written() {
    var began = System.nanoTime();
    try (var client = store.connect()) {
      Keys.write(client, 0, KEYS);
      var size = client.dbSize();
      expect(size == KEYS, "DBSIZE %d, found %d", KEYS, size);
      narrator.paragraph(
          "Written",
          "%,d keys were written through the Redis protocol in %s.".formatted(KEYS, seconds(began)),
          "redis-cli DBSIZE",
          "(integer) " + size);
    }
  }

  private void reconfigured() {
    var pod = store.pod().getMetadata().getUid();
    var began = System.nanoTime();
    store.patch("{\"spec\":{\"persistence\":{\"appendfsync\":\"always\"}}}");
    try (var client = store.connect()) {
      store.await(
          "appendfsync live",
          LIMIT,
          () -> "always".equals(client.configGet("appendfsync").get("appendfsync")));
      var live = seconds(began);
      store.await("ConfigApplied", LIMIT, () -> store.isNow("ConfigApplied"));
      expect(pod.equals(store.pod().getMetadata().getUid()), "the same pod, found another one");
      narrator.paragraph(
          "Reconfigured live",
          "spec.persistence.appendfsync was changed to always: live after %s, in the pod's configuration file after %s, and no pod was restarted."
              .formatted(live, seconds(began)),
          "redis-cli CONFIG GET appendfsync",
          "appendfsync " + client.configGet("appendfsync").get("appendfsync"));
    }
  }

  private void rewritten() {
    try (var client = store.connect()) {
      var before = info(client.info("persistence"), "aof_current_size");
      store.annotate("store.holdfast.dev/rewrite-now", "quick start");
      store.await(
          "one rewrite",
          LIMIT,
          () ->
              info(client.info("persistence"), "aof_rewrites").equals("1")
                  && info(client.info("persistence"), "aof_rewrite_in_progress").equals("0"));
      narrator.paragraph(
          "Rewritten",
          "One annotation started a rewrite of the append-only file, without a fork: %s bytes became %s."
              .formatted(before, info(client.info("persistence"), "aof_current_size")),
          "redis-cli INFO persistence",
          "aof_last_bgrewrite_status:"
              + info(client.info("persistence"), "aof_last_bgrewrite_status"));
    }
  }

  private void killed() {
    var began = System.nanoTime();
    cluster.kill(NAMESPACE, store.podName());
    awaitKeys("all keys after kill -9");
    checkNothingLost("kill -9");
    narrator.paragraph(
        "Killed",
        "The server got SIGKILL and came back by itself after %s, with all %,d keys and their values."
            .formatted(seconds(began), KEYS),
        "kubectl get pod sessions-0",
        "restarts: " + store.pod().getStatus().getContainerStatuses().getFirst().getRestartCount());
  }

  private void damaged() {
    store.annotate("store.holdfast.dev/stop", "true");
    store.await("the pod is taken away", LIMIT, () -> store.pod() == null);
    var garbage = "\0garbage\n".getBytes(StandardCharsets.US_ASCII);
    cluster.onVolume(
        NAMESPACE,
        store.claimName(),
        files -> {
          files.append(files.newestIncrement(), garbage);
        });
    var began = System.nanoTime();
    store.annotate("store.holdfast.dev/stop", null);
    store.await(
        "the repair in status",
        LIMIT,
        () -> "CorruptTail".equals(store.status("lastCheck", "verdict")) && store.isNow("Ready"));
    awaitKeys("all keys after the repair");
    checkNothingLost("the repair");
    var dropped = store.status("lastRepair", "droppedBytes");
    expect(
        dropped instanceof Number n && n.intValue() == garbage.length,
        "%d bytes dropped, found %s",
        garbage.length,
        dropped);
    narrator.paragraph(
        "Damaged and repaired",
        ("%d bytes of garbage were put on the end of the append-only file; a stock server would not start. The check before the start"
                + " found them, moved them to quarantine, and the store was back after %s with every key.")
            .formatted(garbage.length, seconds(began)),
        "kubectl get persistentstore sessions -o yaml",
        "status:\n" + lines("lastCheck") + lines("lastRepair"));
  }

  private void awaitKeys(String what) {
    store.await(
        what,
        LIMIT,
        () -> {
          try (var client = store.connect()) {
            return client.dbSize() == KEYS;
          }
        });
  }

  private void checkNothingLost(String after) {
    try (var client = store.connect()) {
      var lost = Keys.lost(client, 0, KEYS);
      expect(
          lost.isEmpty(),
          "every key with its value after %s, found %d missing or wrong",
          after,
          lost.size());
    }
  }

  private void stay() throws InterruptedException {
    var address = cluster.reach(NAMESPACE, store.podName(), 6379);
    narrator.paragraph(
        "Still up",
        "The sandbox stays until Ctrl-C. Look at it and talk to it from another terminal:",
        "export KUBECONFIG=" + cluster.client().getConfiguration().getFile(),
        "kubectl get persistentstores,pods,pvc,events\nredis-cli -h %s -p %d -a \"$(kubectl get secret sessions-auth -o jsonpath='{.data.password}' | base64 -d)\""
            .formatted(address.getHostString(), address.getPort()));
    new CountDownLatch(1).await();
  }

  /** A part of status as YAML. */
  private String lines(String part) {
    var text = new StringBuilder("  " + part + ":\n");
    if (store.status(part) instanceof Map<?, ?> fields) {
      fields.forEach((name, value) -> text.append("    %s: %s%n".formatted(name, value)));
    }
    return text.toString();
  }

  private String conditions() {
    var text = new StringBuilder();
    for (var type : new String[] {"Ready", "ConfigApplied", "AOFVerified", "PersistenceHealthy"}) {
      var condition = store.condition(type);
      text.append(
          "%-20s %-6s %s%n".formatted(type, condition.get("status"), condition.get("message")));
    }
    return text.toString().stripTrailing();
  }

  private static String info(String info, String field) {
    return info.lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static String seconds(long began) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - began) / 1e9);
  }

  private static void expect(boolean holds, String format, Object... arguments) {
    if (!holds) {
      throw new AssertionError("expected " + format.formatted(arguments));
    }
  }
}
