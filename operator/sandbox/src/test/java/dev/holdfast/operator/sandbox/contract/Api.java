package dev.holdfast.operator.sandbox.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Plain HTTP to an API server, with the credentials of a client. */
final class Api {
  static final String JSON = "application/json";
  static final String APPLY = "application/apply-patch+yaml";
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KubernetesClient client;

  Api(KubernetesClient client) {
    this.client = client;
  }

  /** An answer. */
  record Answer(int status, JsonNode body, List<String> warnings) {
    String message() {
      return body.path("message").asText();
    }

    String version() {
      return body.path("metadata").path("resourceVersion").asText();
    }

    ObjectNode object() {
      return (ObjectNode) body;
    }
  }

  Answer get(String path) {
    return send("GET", path, JSON, null, JSON);
  }

  Answer table(String path) {
    return send("GET", path, JSON, null, "application/json;as=Table;v=v1;g=meta.k8s.io");
  }

  Answer post(String path, String body) {
    return send("POST", path, JSON, body, JSON);
  }

  Answer put(String path, JsonNode body) {
    return send("PUT", path, JSON, body.toString(), JSON);
  }

  Answer patch(String path, String type, String body) {
    return send("PATCH", path, type, body, JSON);
  }

  Answer delete(String path) {
    return send("DELETE", path, JSON, null, JSON);
  }

  Answer delete(String path, String options) {
    return send("DELETE", path, JSON, options, JSON);
  }

  private Answer send(String method, String path, String type, String body, String accept) {
    try {
      HttpRequest.Builder request =
          client
              .getHttpClient()
              .newHttpRequestBuilder()
              .uri(uri(path))
              .header("Accept", accept)
              .method(method, type, body);
      HttpResponse<String> response =
          client.getHttpClient().sendAsync(request.build(), String.class).get(30, TimeUnit.SECONDS);
      String text = response.bodyString();
      boolean json = text.startsWith("{");
      return new Answer(
          response.code(),
          json ? MAPPER.readTree(text) : MAPPER.createObjectNode().put("message", text),
          response.headers("Warning"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  /** Events of a watch until one fits, that one included. */
  List<JsonNode> watch(String path, Predicate<JsonNode> last) {
    try {
      HttpRequest request = client.getHttpClient().newHttpRequestBuilder().uri(uri(path)).build();
      HttpResponse<InputStream> response =
          client.getHttpClient().sendAsync(request, InputStream.class).get(30, TimeUnit.SECONDS);
      List<JsonNode> events = new ArrayList<>();
      try (var lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode event = MAPPER.readTree(line);
          events.add(event);
          if (last.test(event)) {
            break;
          }
        }
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError("watch " + path, e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI uri(String path) {
    String base = client.getMasterUrl().toString().replaceAll("/+$", "");
    return URI.create(base + path);
  }
}
