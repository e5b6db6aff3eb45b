package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Selector;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.controllers.WorkQueue;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes services reachable: listens on each service's loopback address and passes connections on to
 * a ready pod, in turn. There is no DNS in the sandbox; clients use the address.
 */
public final class ServiceProxy implements AutoCloseable {
  private static final Logger LOG = System.getLogger("sandbox");

  private final Cluster cluster;
  private final WorkQueue queue;
  private final Map<String, ServerSocket> listeners = new HashMap<>();
  private final Map<String, List<InetSocketAddress>> backends = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** Starts at once. */
  public ServiceProxy(Cluster cluster) {
    this.cluster = cluster;
    queue = new WorkQueue("service-proxy", key -> reconcile());
    cluster.store().listen(this::follow);
    queue.add("all");
  }

  private void follow(Change change) {
    if (change.collection().equals("services") || change.collection().equals("pods")) {
      queue.add("all");
    }
  }

  private synchronized void reconcile() {
    Map<String, List<InetSocketAddress>> wanted = new HashMap<>();
    for (ObjectNode service : cluster.list("services", "")) {
      String address = Json.text(service, "spec", "clusterIP");
      boolean selects = !service.path("spec").path("selector").isEmpty();
      if (selects && address.startsWith("127.")) {
        for (JsonNode port : service.path("spec").path("ports")) {
          wanted.put(address + ":" + port.path("port").asInt(), backends(service, port));
        }
      }
    }
    backends.keySet().retainAll(wanted.keySet());
    backends.putAll(wanted);
    listeners
        .entrySet()
        .removeIf(entry -> !wanted.containsKey(entry.getKey()) && stop(entry.getValue()));
    for (String key : wanted.keySet()) {
      if (!listeners.containsKey(key)) {
        try {
          listeners.put(key, listen(key));
        } catch (IOException e) {
          LOG.log(Logger.Level.WARNING, "the service at {0} cannot be reached: {1}", key, e);
        }
      }
    }
  }

  private List<InetSocketAddress> backends(ObjectNode service, JsonNode port) {
    ObjectNode selector = Json.object();
    selector.set("matchLabels", service.path("spec").path("selector"));
    var selected = Selector.of(selector);
    List<InetSocketAddress> found = new ArrayList<>();
    for (ObjectNode pod : cluster.list("pods", Json.namespace(service))) {
      int target = targetPort(pod, port.path("targetPort"));
      if (selected.test(pod) && ready(pod) && target > 0) {
        found.add(new InetSocketAddress(Json.text(pod, "status", "podIP"), target));
      }
    }
    return List.copyOf(found);
  }

  private static int targetPort(ObjectNode pod, JsonNode target) {
    if (target.isNumber()) {
      return target.asInt();
    }
    for (JsonNode container : pod.path("spec").path("containers")) {
      for (JsonNode port : container.path("ports")) {
        if (Json.text(port, "name").equals(target.asText())) {
          return port.path("containerPort").asInt();
        }
      }
    }
    return 0;
  }

  private static boolean ready(ObjectNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (Json.text(condition, "type").equals("Ready")) {
        return Json.text(condition, "status").equals("True") && !Json.terminating(pod);
      }
    }
    return false;
  }

  private ServerSocket listen(String key) throws IOException {
    int colon = key.lastIndexOf(':');
    var listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(
        new InetSocketAddress(
            InetAddress.getByName(key.substring(0, colon)),
            Integer.parseInt(key.substring(colon + 1))));
    Thread.ofVirtual().name("service-" + key).start(() -> accept(listener, key));
    return listener;
  }

  private void accept(ServerSocket listener, String key) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().name("service-client").start(() -> pass(client, key));
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private void pass(Socket client, String key) {
    List<InetSocketAddress> pods = backends.getOrDefault(key, List.of());
    try (client;
        Socket pod = new Socket()) {
      if (pods.isEmpty()) {
        // a reset instead of an orderly end: nobody serves here, as with a real service
        client.setSoLinger(true, 0);
        return;
      }
      pod.connect(pods.get(Math.floorMod(turn.getAndIncrement(), pods.size())), 5_000);
      client.setTcpNoDelay(true);
      pod.setTcpNoDelay(true);
      Thread back = Thread.ofVirtual().name("service-answer").start(() -> copy(pod, client));
      copy(client, pod);
      back.join();
    } catch (IOException e) {
      // one side is gone, and so is the connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      stop(from);
      stop(to);
    }
  }

  private static boolean stop(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // it is closed either way
    }
    return true;
  }

  @Override
  public synchronized void close() {
    queue.close();
    listeners.values().forEach(ServiceProxy::stop);
  }
}
