package dev.holdfast.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.operator.redis.FakeServer;
import io.javaoperatorsdk.operator.Operator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole application against an API server that does not know its resources. */
@QuarkusTest
@QuarkusTestResource(OperatorStartTest.EmptyApi.class)
class OperatorStartTest {

  @Inject Operator operator;

  @TestHTTPResource("/")
  URI address;

  /** Answers 404 to everything. */
  public static class EmptyApi implements QuarkusTestResourceLifecycleManager {
    private static FakeServer server;

    @Override
    public Map<String, String> start() {
      server =
          FakeServer.http(
              request -> {
                var body =
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":404,\"message\":\"not found\"}";
                return "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\nConnection: close\r\n\r\n"
                    + body;
              });
      return Map.of(
          "quarkus.kubernetes-client.api-server-url",
          "http://127.0.0.1:" + server.port(),
          "quarkus.kubernetes-client.trust-certs",
          "true");
    }

    @Override
    public void stop() {
      server.close();
    }
  }

  @Test
  void itWaitsForItsResourcesAndIsAliveMeanwhile() throws IOException, InterruptedException {
    await().until(() -> asked() >= 3);

    assertThat(operator.getRuntimeInfo().isStarted()).isFalse();
    assertThat(get("health/live")).contains("UP");
    assertThat(get("metrics")).contains("jvm_memory_used_bytes");
  }

  private static long asked() {
    return EmptyApi.server.requests.stream()
        .filter(request -> request.contains("/persistentstores"))
        .count();
  }

  private String get(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(address.resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
