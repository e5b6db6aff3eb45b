package dev.holdfast.operator.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.ApiServer;
import dev.holdfast.operator.sandbox.api.Operations;
import dev.holdfast.operator.sandbox.api.ResourceType;
import dev.holdfast.operator.sandbox.api.ResourceTypes;
import dev.holdfast.operator.sandbox.api.WriteOptions;
import dev.holdfast.operator.sandbox.http.HttpServer;
import dev.holdfast.operator.sandbox.http.Identity;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.kinds.Builtins;
import dev.holdfast.operator.sandbox.schema.Validation;
import dev.holdfast.operator.sandbox.store.Journal;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes cluster in this process, with as much of Kubernetes as Holdfast uses: an API server
 * on loopback, and the objects in a folder that survive.
 */
public final class Sandbox implements AutoCloseable {
  private static final WriteOptions SANDBOX = WriteOptions.by("holdfast-sandbox");

  private final HttpServer server;
  private final ObjectStore store;
  private final Path kubeconfig;

  private Sandbox(HttpServer server, ObjectStore store, Path kubeconfig) {
    this.server = server;
    this.store = store;
    this.kubeconfig = kubeconfig;
  }

  /** Starts a cluster; it listens when this returns. */
  public static Sandbox start(Settings settings) throws IOException {
    var random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    Path state = settings.state();
    Identity identity = Identity.in(state.resolve("identity"), random, clock.instant());
    var journal = new Journal(state.resolve("objects.jsonl"));
    var store = new ObjectStore(journal, settings.rememberedChanges());
    var types = new ResourceTypes(Builtins.all(() -> "127.96.0.1"), store);
    var operations = new Operations(store, types, new Validation(), clock, random);
    furnish(types.namespaces(), operations);
    var api = new ApiServer(identity.token(), store, types, operations, Map.of());
    var server =
        new HttpServer(InetAddress.getLoopbackAddress(), settings.port(), identity.tls(), api);
    Path kubeconfig = state.resolve("kubeconfig");
    Kubeconfig.write(kubeconfig, server.port(), identity);
    return new Sandbox(server, store, kubeconfig);
  }

  /** The file that clients connect with; only its owner can read it. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The port of the API server on 127.0.0.1. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() throws IOException {
    server.close();
    store.close();
  }

  /** What every cluster has from the start. */
  private static void furnish(ResourceType namespaces, Operations operations) {
    for (String name : List.of("default", "kube-system")) {
      if (operations.find(namespaces, "", name) == null) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        operations.create(namespaces, "", namespace, SANDBOX, warning -> {});
      }
    }
  }
}
