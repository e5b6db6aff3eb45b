package dev.holdfast.operator.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.ApiServer;
import dev.holdfast.operator.sandbox.api.Operations;
import dev.holdfast.operator.sandbox.api.ResourceTypes;
import dev.holdfast.operator.sandbox.controllers.BudgetController;
import dev.holdfast.operator.sandbox.controllers.ClaimController;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.controllers.EndpointController;
import dev.holdfast.operator.sandbox.controllers.GarbageCollector;
import dev.holdfast.operator.sandbox.controllers.NamespaceController;
import dev.holdfast.operator.sandbox.controllers.StatefulSetController;
import dev.holdfast.operator.sandbox.http.HttpServer;
import dev.holdfast.operator.sandbox.http.Identity;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.kinds.Builtins;
import dev.holdfast.operator.sandbox.node.Addresses;
import dev.holdfast.operator.sandbox.node.Node;
import dev.holdfast.operator.sandbox.node.PodLogs;
import dev.holdfast.operator.sandbox.node.ServiceProxy;
import dev.holdfast.operator.sandbox.schema.Validation;
import dev.holdfast.operator.sandbox.store.Journal;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import dev.holdfast.operator.sandbox.volumes.LoopVolumes;
import dev.holdfast.operator.sandbox.volumes.Volumes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A Kubernetes cluster in this process, with as much of Kubernetes as Holdfast uses: an API server
 * on loopback, controllers, and one node that runs pods as processes of this machine.
 *
 * <p>It is for trying Holdfast on a laptop and for tests. Pods are not isolated from the machine or
 * from each other, there is no DNS, no access control beyond one token, and nothing is measured or
 * limited but, where this process may mount, the size of volumes. Everything is in one folder and
 * survives a restart.
 */
public final class Sandbox implements AutoCloseable {
  private static final String BY = "holdfast-sandbox";

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Cluster cluster;
  private final Volumes volumes;
  private final Node node;
  private final HttpServer server;
  private final Path kubeconfig;

  private Sandbox(Settings settings) throws IOException {
    var random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    Path state = settings.state();
    Files.createDirectories(state);
    try {
      keep(lock(state));
      Identity identity = Identity.in(state.resolve("identity"), random, clock.instant());
      Addresses addresses = keep(claimAddresses(state, random));
      var journal = new Journal(state.resolve("objects.jsonl"));
      ObjectStore store = keep(new ObjectStore(journal, settings.rememberedChanges()));
      var types = new ResourceTypes(Builtins.all(addresses::service), store);
      var operations = new Operations(store, types, new Validation(), clock, random);
      cluster = new Cluster(store, types, operations, clock);
      takeAddresses(addresses);
      furnish();
      volumes = keep(LoopVolumes.in(state.resolve("volumes")));
      keep(new NamespaceController(cluster));
      keep(new GarbageCollector(cluster));
      keep(new ClaimController(cluster, volumes));
      node = keep(new Node(cluster, settings, addresses, volumes));
      keep(new StatefulSetController(cluster));
      keep(new BudgetController(cluster));
      keep(new EndpointController(cluster));
      keep(new ServiceProxy(cluster));
      var logs = new PodLogs(cluster, node);
      var api = new ApiServer(identity.token(), store, types, operations, Map.of("pods/log", logs));
      server =
          keep(
              new HttpServer(
                  InetAddress.getLoopbackAddress(), settings.port(), identity.tls(), api));
      kubeconfig = state.resolve("kubeconfig");
      Kubeconfig.write(kubeconfig, server.port(), identity);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a cluster; it listens when this returns.
   *
   * @throws IOException when the state folder cannot be used, for one because another sandbox has
   *     it
   */
  public static Sandbox start(Settings settings) throws IOException {
    return new Sandbox(settings);
  }

  /** The file that clients connect with; only its owner can read it. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The port of the API server on 127.0.0.1. */
  public int port() {
    return server.port();
  }

  /**
   * The process of a pod's container.
   *
   * @param container empty for the first one
   * @return null when none runs
   */
  public ProcessHandle process(String namespace, String pod, String container) {
    return node.process(namespace, pod, container);
  }

  /** The folder with the files of a claim; null while the claim is not bound. */
  public synchronized Path claimFolder(String namespace, String claim) throws IOException {
    if (parts.isEmpty()) {
      throw new IOException("the sandbox is closed");
    }
    JsonNode found = cluster.find("persistentvolumeclaims", namespace, claim);
    String volume = found == null ? "" : Json.text(found, "spec", "volumeName");
    if (volume.isEmpty()) {
      return null;
    }
    volumes.attach(volume);
    return volumes.folder(volume);
  }

  /** Whether a full volume fails writes; otherwise nothing enforces the size of a claim. */
  public boolean enforcesClaimSize() {
    return volumes.enforcesSize();
  }

  /**
   * Applies every YAML or JSON file of a folder, or one file, by server-side apply with force.
   *
   * @throws IOException when a file cannot be read
   */
  public void apply(Path files) throws IOException {
    new Manifests(cluster).apply(files);
  }

  /**
   * Starts the operator as a process of its own, connected to this cluster; it ends with the
   * sandbox. Its log is {@code operator.log} in the state folder.
   *
   * @param jar the {@code quarkus-run.jar}
   */
  public Process startOperator(Path jar) throws IOException {
    return node.startBeside(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            jar.toString()),
        // a free port: several sandboxes, or operators, may run on this machine
        Map.of(
            "KUBECONFIG",
            kubeconfig.toString(),
            "QUARKUS_HTTP_HOST",
            "127.0.0.1",
            "QUARKUS_HTTP_PORT",
            "0"),
        "operator.log");
  }

  /**
   * Ends all processes and the server, and detaches the volumes. The state stays, for another
   * start. Threads may share it: the second one finds everything ended.
   */
  @Override
  public synchronized void close() throws IOException {
    var failure = new AtomicReference<IOException>();
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        failure.compareAndSet(null, new IOException("the sandbox did not stop cleanly", e));
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  private static AutoCloseable lock(Path state) throws IOException {
    FileChannel channel =
        FileChannel.open(
            state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held by this very process; told below
    }
    if (lock == null) {
      channel.close();
      throw new IOException(
          state + " is in use by another sandbox; stop it or name another folder");
    }
    return channel;
  }

  /** The same block as last time if it is free, so that addresses survive a restart. */
  private static Addresses claimAddresses(Path state, SecureRandom random) throws IOException {
    Path file = state.resolve("addresses");
    int preferred =
        Files.exists(file)
            ? Integer.parseInt(Files.readString(file).strip())
            : 16 + random.nextInt(234);
    Addresses addresses = Addresses.claim(preferred);
    Files.writeString(file, Integer.toString(addresses.block()));
    return addresses;
  }

  /** Services keep their addresses, or get others when another sandbox has the block now. */
  private void takeAddresses(Addresses addresses) {
    for (ObjectNode service : cluster.list("services", "")) {
      String address = Json.text(service, "spec", "clusterIP");
      if (address.startsWith("127.") && !addresses.take(address)) {
        ObjectNode moved = service.deepCopy();
        String next = addresses.service();
        Json.ensure(moved, "spec").put("clusterIP", next).putArray("clusterIPs").add(next);
        cluster.store().put("services", moved);
      }
    }
  }

  /** What every cluster has from the start. */
  private void furnish() {
    for (String name : List.of("default", "kube-system")) {
      ObjectNode namespace = Json.object();
      namespace.putObject("metadata").put("name", name);
      cluster.create(BY, "namespaces", "", namespace);
    }
    ObjectNode storage = Json.object();
    storage.putObject("metadata").put("name", "standard");
    Json.ensure(storage, "metadata", "annotations")
        .put("storageclass.kubernetes.io/is-default-class", "true");
    storage.put("provisioner", "sandbox.holdfast.dev/folder");
    storage.put("reclaimPolicy", "Delete").put("volumeBindingMode", "WaitForFirstConsumer");
    storage.put("allowVolumeExpansion", true);
    cluster.create(BY, "storageclasses.storage.k8s.io", "", storage);
  }
}
