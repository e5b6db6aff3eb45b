package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.Subresource;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.http.Request;
import dev.holdfast.operator.sandbox.http.Response;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code kubectl logs}: what a container's process wrote, whole, its tail, or as it goes on. */
public final class PodLogs implements Subresource {
  private static final long POLL_MILLIS = 150;

  private final Cluster cluster;
  private final Node node;

  /** Reads the logs of a node's pods. */
  public PodLogs(Cluster cluster, Node node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public void handle(Request request, Response response, String namespace, String name)
      throws IOException, InterruptedException {
    ObjectNode pod = cluster.find("pods", namespace, name);
    JsonNode first = pod.path("spec").path("containers").path(0);
    String container = request.parameter("container", Json.text(first, "name"));
    int run = Math.max(0, restarts(pod, container));
    if (request.flag("previous") || !exists(node.log(namespace, name, container, run))) {
      run--;
    }
    Path log = node.log(namespace, name, container, run);
    byte[] present = exists(log) ? Files.readAllBytes(log) : new byte[0];
    long from = start(present, Long.parseLong(request.parameter("tailLines", "-1")));
    if (!request.flag("follow")) {
      int length = (int) (present.length - from);
      byte[] part = java.util.Arrays.copyOfRange(present, (int) from, (int) from + length);
      response.send(200, "text/plain", part);
      return;
    }
    OutputStream out = response.stream(200, "text/plain");
    follow(out, log, from, namespace, name, Json.uid(pod), container, run);
    out.close();
  }

  private void follow(
      OutputStream out,
      Path log,
      long start,
      String namespace,
      String name,
      String uid,
      String container,
      int run)
      throws IOException, InterruptedException {
    long at = start;
    while (true) {
      ObjectNode pod = cluster.find("pods", namespace, name);
      boolean over =
          pod == null || !Json.uid(pod).equals(uid) || restarts(pod, container) > run + 1;
      if (exists(log)) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
          file.seek(at);
          byte[] more = new byte[(int) Math.min(65536, file.length() - at)];
          file.readFully(more);
          at += more.length;
          if (more.length > 0) {
            out.write(more);
            out.flush();
            continue;
          }
        }
      }
      if (over) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean exists(Path log) {
    return log != null && Files.exists(log);
  }

  private static int restarts(ObjectNode pod, String container) {
    for (JsonNode status : pod.path("status").path("containerStatuses")) {
      if (Json.text(status, "name").equals(container)) {
        return status.path("restartCount").asInt();
      }
    }
    return 0;
  }

  private static long start(byte[] log, long lines) {
    if (lines < 0) {
      return 0;
    }
    String text = new String(log, StandardCharsets.ISO_8859_1);
    int at = text.endsWith("\n") ? text.length() - 1 : text.length();
    for (long i = 0; i < lines && at >= 0; i++) {
      at = text.lastIndexOf('\n', at - 1);
    }
    return lines == 0 ? log.length : at + 1;
  }
}
