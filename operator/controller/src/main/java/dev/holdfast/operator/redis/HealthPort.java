package dev.holdfast.operator.redis;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;

/** The health port of a store's pod, see docs/pod.md. One for all stores. */
public final class HealthPort implements AutoCloseable {

  private static final int LARGEST = 1024 * 1024;

  private final HttpClient http;
  private final Duration timeout;

  public HealthPort(Duration timeout) {
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * The body of a page that needs the password.
   *
   * @throws IOException when there is no answer in time, or another than 200
   */
  public String get(String host, int port, String path, String password) throws IOException {
    var address =
        URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path);
    var request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Authorization", "Bearer " + password)
            .build();
    try {
      var response =
          http.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), LARGEST));
      if (response.statusCode() != 200) {
        throw new IOException("GET " + path + " was answered with " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking for " + path);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
