package dev.holdfast.operator.e2e;

import dev.holdfast.operator.e2e.cluster.Build;
import dev.holdfast.operator.e2e.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
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
  private final Kubectl kubectl;

  private QuickStart(TestCluster cluster, Narrator narrator) {
    this.cluster = cluster;
    this.store = new Store(cluster, NAMESPACE, "sessions");
    this.narrator = narrator;
    this.kubectl = new Kubectl(cluster.client());
  }

  public static void main(String[] arguments) throws Exception {
    var stay = arguments.length > 0 && arguments[0].equals("--stay");
    var narrator = new Narrator(System.out);
    var ending = new Ending();
    var code = 0;
    try (var cluster = TestCluster.fromProperties()) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.stop(cluster, narrator)));
      var quickStart = new QuickStart(cluster, narrator);
      quickStart.run();
      if (stay) {
        quickStart.stay();
      }
    } catch (Exception | AssertionError e) {
      if (!ending.interrupted) {
        narrator.failed(e);
      }
      code = 1;
    }
    ending.expected = true;
    System.exit(code);
  }

  /** Ctrl-C or SIGTERM at any step: no process, mount or loop device outlives this one. */
  private static final class Ending {
    private volatile boolean expected;
    private volatile boolean interrupted;

    void stop(TestCluster cluster, Narrator narrator) {
      if (!expected) {
        interrupted = true;
        narrator.stopping();
        cluster.close();
      }
    }
  }

  private void run() throws Exception {
    if (!cluster.abilities().contains(TestCluster.Ability.FULL_VOLUME)) {
      narrator.progress(
          "the size of volumes is not enforced here: that needs Linux, root and mkfs.ext4");
    }
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
        kubectl.get(
            "apis/holdfast.dev/v1alpha1/namespaces/" + NAMESPACE + "/persistentstores/sessions"));
  }

  private void written() {
    var began = System.nanoTime();
    try (var client = store.connect()) {
      Keys.write(client, 0, KEYS, this::written);
      var size = client.dbSize();
      expect(size == KEYS, "DBSIZE %d, found %d", KEYS, size);
      narrator.paragraph(
          "Written",
          "%,d keys were written through the Redis protocol in %s.".formatted(KEYS, seconds(began)),
          "redis-cli DBSIZE",
          "(integer) " + size);
    }
  }

  private void written(int keys) {
    if (keys % (KEYS / 4) == 0) {
      narrator.progress("%,d of %,d keys written".formatted(keys, KEYS));
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
          "1) \"appendfsync\"\n2) \"%s\""
              .formatted(client.configGet("appendfsync").get("appendfsync")));
    }
  }

  private void rewritten() {
    try (var client = store.connect()) {
      var before = ServerInfo.persistence(client).number("aof_current_size");
      store.annotate("store.holdfast.dev/rewrite-now", "quick start");
      store.await("one rewrite", LIMIT, () -> rewrittenOnce(ServerInfo.persistence(client)));
      var after = ServerInfo.persistence(client);
      narrator.paragraph(
          "Rewritten",
          "One annotation started a rewrite of the append-only file, without a fork: %,d bytes became %,d."
              .formatted(before, after.number("aof_current_size")),
          "redis-cli INFO persistence | grep rewrite",
          after.grep("rewrite"));
    }
  }

  private static boolean rewrittenOnce(ServerInfo info) {
    return info.number("aof_rewrites") == 1 && info.number("aof_rewrite_in_progress") == 0;
  }

  private void killed() throws Exception {
    var began = System.nanoTime();
    cluster.kill(NAMESPACE, store.podName());
    awaitKeys("all keys after kill -9");
    checkNothingLost("kill -9");
    var took = seconds(began);
    store.await("the pod is ready", LIMIT, () -> Readiness.isPodReady(store.pod()));
    narrator.paragraph(
        "Killed",
        "The server got SIGKILL and came back by itself after %s, with all %,d keys and their values."
            .formatted(took, KEYS),
        "kubectl get pod sessions-0",
        kubectl.get("api/v1/namespaces/" + NAMESPACE + "/pods/" + store.podName()));
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
        "kubectl get persistentstore sessions -o custom-columns=FOUND:.status.lastCheck.verdict,IN:.status.lastCheck.file,OFFSET:.status.lastCheck.offset,"
            + "DROPPED:.status.lastRepair.droppedBytes,KEPT:.status.lastRepair.quarantine",
        Kubectl.columns(repair()));
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
    narrator.commands(
        "Still up",
        "The sandbox stays until Ctrl-C. Look at it and talk to it from another terminal:",
        "export KUBECONFIG=" + cluster.client().getConfiguration().getFile(),
        "kubectl get persistentstores,pods,pvc,events",
        "redis-cli -h %s -p %d -a \"$(kubectl get secret sessions-auth -o jsonpath='{.data.password}' | base64 -d)\""
            .formatted(address.getHostString(), address.getPort()));
    new CountDownLatch(1).await();
  }

  private Map<String, Object> repair() {
    var columns = new LinkedHashMap<String, Object>();
    columns.put("FOUND", store.status("lastCheck", "verdict"));
    columns.put("IN", store.status("lastCheck", "file"));
    columns.put("OFFSET", store.status("lastCheck", "offset"));
    columns.put("DROPPED", store.status("lastRepair", "droppedBytes"));
    columns.put("KEPT", store.status("lastRepair", "quarantine"));
    return columns;
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
