package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.volumes.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one pod from its volumes to its end, on a thread of its own. */
final class PodRunner implements PodHost {
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final String BY = "sandbox-node";
  private static final long SECONDS_AT_CLOSE = 5;

  private final NodeParts node;
  private final Cluster cluster;
  private final String namespace;
  private final String name;
  private final String uid;
  private final String address;
  private final Path folder;
  private final ObjectNode first;
  private final PodVolumes volumes;
  private final List<ContainerRunner> initContainers = new ArrayList<>();
  private final List<ContainerRunner> containers = new ArrayList<>();
  private final Thread thread;
  private boolean initialized;
  private boolean closed;
  private boolean ending;
  private long graceSeconds;

  PodRunner(NodeParts node, ObjectNode pod, Runnable atEnd) {
    this.node = node;
    cluster = node.cluster();
    namespace = Json.namespace(pod);
    name = Json.name(pod);
    uid = Json.uid(pod);
    first = pod;
    folder = node.state().resolve("pods").resolve(uid);
    String old = Json.text(pod, "status", "podIP");
    address = node.addresses().take(old) ? old : node.addresses().pod();
    volumes = new PodVolumes(pod, folder.resolve("volumes"), node.volumes(), this::find);
    thread =
        Thread.ofVirtual()
            .name("pod-" + name)
            .start(
                () -> {
                  run();
                  atEnd.run();
                });
  }

  String uid() {
    return uid;
  }

  /** Ends the containers, then the pod. */
  synchronized void end(long seconds) {
    boolean sooner = !ending || seconds < graceSeconds;
    ending = true;
    if (sooner) {
      graceSeconds = seconds;
      initContainers.forEach(container -> container.stop(seconds));
      containers.forEach(container -> container.stop(seconds));
      notifyAll();
    }
  }

  /** Ends the processes because the sandbox stops; the pod stays. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    end(SECONDS_AT_CLOSE);
  }

  /** Waits until nothing of the pod runs any more. */
  void join() throws InterruptedException {
    thread.join();
  }

  /** Brings changed ConfigMaps and Secrets to the pod's files. */
  void refresh() {
    try {
      volumes.refresh();
    } catch (IOException e) {
      event("Warning", "FailedMount", "the files cannot be brought up to date: " + e.getMessage());
    }
  }

  /** The log file of a container's present or previous run. */
  Path log(String container, int run) {
    return folder.resolve("containers").resolve(container).resolve(run + ".log");
  }

  /** The process of a container, or null. */
  synchronized Process process(String container) {
    return containers.stream()
        .filter(runner -> container.isEmpty() || runner.name().equals(container))
        .findFirst()
        .map(ContainerRunner::process)
        .orElse(null);
  }

  private void run() {
    try {
      if (mount() && initialize()) {
        startContainers();
      }
      awaitEnd();
    } catch (InterruptedException e) {
      // the sandbox stops
    }
    try {
      stopContainers();
      if (!isClosed()) {
        remove();
      }
    } catch (InterruptedException | IOException e) {
      // what is left goes with the state folder
    }
    node.addresses().release(address);
  }

  private boolean mount() throws InterruptedException {
    while (!isEnding()) {
      try {
        if (claimsBound()) {
          volumes.make();
          return true;
        }
      } catch (IOException | Variables.Missing e) {
        event("Warning", "FailedMount", e.getMessage());
      }
      publish();
      pause(RETRY);
    }
    return false;
  }

  private boolean claimsBound() {
    for (JsonNode volume : first.path("spec").path("volumes")) {
      String claim = Json.text(volume, "persistentVolumeClaim", "claimName");
      if (!claim.isEmpty()
          && !Json.text(find("persistentvolumeclaims", claim), "status", "phase").equals("Bound")) {
        return false;
      }
    }
    return true;
  }

  private boolean initialize() throws InterruptedException {
    boolean again = !Json.text(first, "spec", "restartPolicy").equals("Never");
    for (JsonNode container : first.path("spec").path("initContainers")) {
      ContainerRunner runner;
      synchronized (this) {
        if (ending) {
          return false;
        }
        runner = new ContainerRunner(this, container, false, again, MissingNode.getInstance());
        initContainers.add(runner);
      }
      runner.join();
      publish();
      if (!runner.succeeded()) {
        return false;
      }
    }
    return true;
  }

  private void startContainers() {
    synchronized (this) {
      initialized = true;
      if (!ending) {
        String policy = Json.text(first, "spec", "restartPolicy");
        for (JsonNode container : first.path("spec").path("containers")) {
          containers.add(
              new ContainerRunner(
                  this,
                  container,
                  policy.equals("Always"),
                  !policy.equals("Never"),
                  before(container)));
        }
      }
    }
    publish();
  }

  private JsonNode before(JsonNode container) {
    for (JsonNode status : first.path("status").path("containerStatuses")) {
      if (status.path("name").equals(container.path("name"))) {
        return status;
      }
    }
    return MissingNode.getInstance();
  }

  private synchronized void awaitEnd() throws InterruptedException {
    while (!ending) {
      wait();
    }
  }

  private void stopContainers() throws InterruptedException {
    List<ContainerRunner> all = new ArrayList<>();
    synchronized (this) {
      all.addAll(initContainers);
      all.addAll(containers);
    }
    for (ContainerRunner runner : all) {
      runner.join();
    }
  }

  private void remove() throws IOException {
    publish();
    ObjectNode pod = pod();
    if (Json.uid(pod).equals(uid)) {
      cluster.delete(
          "pods",
          pod,
          dev.holdfast.operator.sandbox.api.DeleteOptions.background().onlyUid(uid).within(0));
    }
    Folders.delete(folder);
  }

  private synchronized boolean isEnding() {
    return ending;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void pause(Duration time) throws InterruptedException {
    if (!ending) {
      wait(time.toMillis());
    }
  }

  private void publish() {
    if (isClosed()) {
      return;
    }
    List<ObjectNode> inits;
    List<ObjectNode> mains;
    boolean ready;
    synchronized (this) {
      inits = initContainers.stream().map(ContainerRunner::status).toList();
      mains = containers.stream().map(ContainerRunner::status).toList();
      ready = initialized;
    }
    if (mains.isEmpty()) {
      mains = waitingContainers();
    }
    var facts =
        new PodStatus.Facts(
            address,
            node.addresses().node(),
            ready,
            inits,
            mains,
            Json.text(first, "spec", "restartPolicy"),
            cluster.now().toString());
    cluster.changeStatus(BY, "pods", first, status -> PodStatus.fill(status, facts));
  }

  private List<ObjectNode> waitingContainers() {
    List<ObjectNode> all = new ArrayList<>();
    String why =
        first.path("spec").path("initContainers").isEmpty()
            ? "ContainerCreating"
            : "PodInitializing";
    for (JsonNode container : first.path("spec").path("containers")) {
      ObjectNode status = Json.object().put("name", Json.text(container, "name"));
      status.putObject("state").putObject("waiting").put("reason", why);
      status.putObject("lastState");
      status.put("ready", false).put("started", false).put("restartCount", 0);
      all.add(status.put("image", Json.text(container, "image")).put("imageID", ""));
    }
    return all;
  }

  private ObjectNode find(String collection, String object) {
    return cluster.find(collection, namespace, object);
  }

  @Override
  public ObjectNode pod() {
    ObjectNode present = find("pods", name);
    return present != null && Json.uid(present).equals(uid) ? present : first;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public Path folder(JsonNode container) {
    return folder.resolve("containers").resolve(Json.text(container, "name"));
  }

  @Override
  public Map<String, String> variables(JsonNode container) throws Variables.Missing {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    all.put("HOME", folder(container).toString());
    all.put("JAVA_HOME", System.getProperty("java.home"));
    all.put("HOSTNAME", name);
    ObjectNode pod = pod().deepCopy();
    Json.ensure(pod, "status").put("podIP", address).put("hostIP", node.addresses().node());
    all.putAll(new Variables(pod, this::find).of(container));
    all.put("HOLDFAST_BIND", address);
    return all;
  }

  @Override
  public Map<String, Path> paths(JsonNode container) {
    Map<String, Path> paths =
        new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(p -> p));
    for (JsonNode mount : container.path("volumeMounts")) {
      paths.put(Json.text(mount, "mountPath").replaceAll("(?<=.)/+$", ""), volumes.folder(mount));
    }
    return paths;
  }

  @Override
  public Images images() {
    return node.images();
  }

  @Override
  public Processes processes() {
    return node.processes();
  }

  @Override
  public Duration restartBackOff() {
    return node.restartBackOff();
  }

  @Override
  public void changed() {
    publish();
  }

  @Override
  public void event(String type, String reason, String message) {
    if (!isClosed()) {
      cluster.event(BY, pod(), type, reason, message);
    }
  }
}
