package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.Settings;
import dev.holdfast.operator.sandbox.api.DeleteOptions;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.controllers.WorkQueue;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;
import dev.holdfast.operator.sandbox.volumes.Volumes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The only node: runs the pods that are given to it as processes of this machine. */
public final class Node implements AutoCloseable {
  private static final String BY = "sandbox-node";
  private static final Duration FILES_LATER = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final NodeParts parts;
  private final Scheduler scheduler;
  private final Map<String, PodRunner> runners = new ConcurrentHashMap<>();
  private final WorkQueue pods;
  private final WorkQueue files;

  /** Starts at once, with the pods that the node had before. */
  public Node(Cluster cluster, Settings settings, Addresses addresses, Volumes volumes)
      throws IOException {
    this.cluster = cluster;
    parts =
        new NodeParts(
            cluster,
            settings.state(),
            addresses,
            volumes,
            new Images(settings.images()),
            new Processes(settings.state().resolve("processes")),
            settings.restartBackOff());
    scheduler = new Scheduler(cluster);
    register();
    pods = new WorkQueue(BY, this::reconcile);
    files = new WorkQueue("sandbox-node-files", this::refresh);
    cluster.store().listen(this::follow);
    cluster.list("pods", "").forEach(pod -> pods.add(key(pod)));
  }

  /** The process of a pod's container; null when none runs. An empty container is the first. */
  public ProcessHandle process(String namespace, String pod, String container) {
    PodRunner runner = runners.get(namespace + "/" + pod);
    Process process = runner == null ? null : runner.process(container);
    return process == null ? null : process.toHandle();
  }

  /** The log file of one run of a container; null when the pod does not run here. */
  public Path log(String namespace, String pod, String container, int run) {
    PodRunner runner = runners.get(namespace + "/" + pod);
    return runner == null ? null : runner.log(container, run);
  }

  /** Starts a process that is no pod; its log goes to a file of the state folder. */
  public Process startBeside(List<String> command, Map<String, String> variables, String log)
      throws IOException {
    Map<String, String> all = new HashMap<>(System.getenv());
    all.putAll(variables);
    return parts.processes().start(command, all, parts.state(), parts.state().resolve(log));
  }

  private void follow(Change change) {
    switch (change.collection()) {
      case "pods" -> {
        pods.add(key(change.object()));
        if (change.previous() != null && annotationsChanged(change)) {
          files.add(key(change.object()));
        }
      }
      case "configmaps", "secrets" -> {
        String prefix = Json.namespace(change.object()) + "/";
        for (String key : runners.keySet()) {
          if (key.startsWith(prefix)) {
            files.addAfter(key, FILES_LATER);
          }
        }
      }
      default -> {}
    }
  }

  private static boolean annotationsChanged(Change change) {
    return !change
        .object()
        .path("metadata")
        .path("annotations")
        .equals(change.previous().path("metadata").path("annotations"));
  }

  private void refresh(String key) {
    PodRunner runner = runners.get(key);
    if (runner != null) {
      runner.refresh();
    }
  }

  private void reconcile(String key) {
    String[] parts = key.split("/", 2);
    ObjectNode pod = cluster.find("pods", parts[0], parts[1]);
    PodRunner runner = runners.get(key);
    if (runner != null && (pod == null || !runner.uid().equals(Json.uid(pod)))) {
      runner.end(0);
      return;
    }
    if (pod == null) {
      return;
    }
    if (Json.text(pod, "spec", "nodeName").isEmpty()) {
      if (!Json.terminating(pod) && !scheduler.schedule(pod)) {
        pods.addAfter(key, RETRY);
      }
      return;
    }
    if (Json.terminating(pod)) {
      if (runner == null) {
        cluster.delete("pods", pod, DeleteOptions.background().within(0));
      } else {
        runner.end(pod.path("metadata").path("deletionGracePeriodSeconds").asLong(30));
      }
    } else if (runner == null
        && !List.of("Succeeded", "Failed").contains(Json.text(pod, "status", "phase"))) {
      start(key, pod);
    }
  }

  private void start(String key, ObjectNode pod) {
    runners.put(
        key,
        new PodRunner(
            parts,
            pod,
            () -> {
              runners.remove(key);
              pods.add(key);
            }));
  }

  private void register() {
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", Scheduler.NODE);
    Json.ensure(node, "metadata", "labels")
        .put("kubernetes.io/hostname", Scheduler.NODE)
        .put("kubernetes.io/os", "linux")
        .put("node.kubernetes.io/instance-type", "sandbox");
    cluster.create(BY, "nodes", "", node);
    ObjectNode present = cluster.find("nodes", "", Scheduler.NODE);
    var facts =
        new PodStatus.Facts("", "", false, List.of(), List.of(), "", cluster.now().toString());
    cluster.changeStatus(
        BY,
        "nodes",
        present,
        status -> {
          PodStatus.condition(status, facts, "Ready", true, "", "");
          status
              .putArray("addresses")
              .addObject()
              .put("type", "InternalIP")
              .put("address", parts.addresses().node());
          Json.ensure(status, "nodeInfo")
              .put("kubeletVersion", "v1.36.0+holdfast-sandbox")
              .put("operatingSystem", System.getProperty("os.name"))
              .put("architecture", System.getProperty("os.arch"));
        });
  }

  private static String key(ObjectNode pod) {
    return Json.namespace(pod) + "/" + Json.name(pod);
  }

  @Override
  public void close() {
    pods.close();
    files.close();
    List<PodRunner> all = List.copyOf(runners.values());
    all.forEach(PodRunner::close);
    try {
      for (PodRunner runner : all) {
        runner.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    parts.processes().close();
  }
}
