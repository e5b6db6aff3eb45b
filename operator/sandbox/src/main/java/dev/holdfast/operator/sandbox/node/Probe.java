package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** One way to ask a container how it is. */
final class Probe {
  private final JsonNode probe;
  private final JsonNode container;
  private final String address;
  private final Exec exec;

  /** Runs a command beside the container. */
  @FunctionalInterface
  interface Exec {
    /** The exit code; not 0 also when the time was over. */
    int run(List<String> command, int seconds) throws IOException, InterruptedException;
  }

  Probe(JsonNode probe, JsonNode container, String address, Exec exec) {
    this.probe = probe;
    this.container = container;
    this.address = address;
    this.exec = exec;
  }

  /** Empty when all is well, else what is wrong. */
  String ask() throws InterruptedException {
    int seconds = Math.max(1, probe.path("timeoutSeconds").asInt(1));
    try {
      if (probe.has("httpGet")) {
        return http(probe.get("httpGet"), seconds * 1000);
      }
      if (probe.has("tcpSocket")) {
        JsonNode tcp = probe.get("tcpSocket");
        try (var socket = new Socket()) {
          socket.connect(new InetSocketAddress(host(tcp), port(tcp)), seconds * 1000);
        }
        return "";
      }
      if (probe.has("exec")) {
        int code = exec.run(Json.texts(probe.path("exec").path("command")), seconds);
        return code == 0 ? "" : "command ended with exit code " + code;
      }
      return "the sandbox has httpGet, tcpSocket and exec probes";
    } catch (IOException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }

  private String http(JsonNode get, int millis) throws IOException {
    String scheme = Json.text(get, "scheme").equals("HTTPS") ? "https" : "http";
    String url = scheme + "://" + host(get) + ":" + port(get) + Json.text(get, "path");
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    try {
      connection.setConnectTimeout(millis);
      connection.setReadTimeout(millis);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Connection", "close");
      for (JsonNode header : get.path("httpHeaders")) {
        connection.setRequestProperty(Json.text(header, "name"), Json.text(header, "value"));
      }
      int status = connection.getResponseCode();
      return status >= 200 && status < 400 ? "" : "HTTP probe failed with statuscode: " + status;
    } finally {
      connection.disconnect();
    }
  }

  private String host(JsonNode action) {
    String host = Json.text(action, "host");
    return host.isEmpty() ? address : host;
  }

  private int port(JsonNode action) throws IOException {
    JsonNode port = action.path("port");
    if (port.isNumber()) {
      return port.asInt();
    }
    for (JsonNode named : container.path("ports")) {
      if (Json.text(named, "name").equals(port.asText())) {
        return named.path("containerPort").asInt();
      }
    }
    throw new IOException("the container has no port named " + port.asText());
  }
}
