package dev.holdfast.engine.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthServerTest {

  @TempDir Path folder;
  private Optional<String> password = Optional.of("secret");
  private Optional<String> verdict = Optional.of("{\"verdict\": \"Clean\"}");
  private HealthServer server;

  @BeforeEach
  void start() throws IOException {
    var config = Files.writeString(folder.resolve("redis.conf"), "appendonly yes\n");
    server =
        HealthServer.start(
            List.of("127.0.0.1"), 0, new Parked(), () -> password, Optional.of(config));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void probes_need_no_password_and_say_why() throws IOException {
    assertThat(get("/livez")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nparked\n");
    assertThat(get("/startupz")).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(get("/readyz?verbose"))
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .endsWith("waits for a decision\n");
  }

  @Test
  void the_verdict_is_for_those_who_know_the_password() throws IOException {
    assertThat(get("/verdict")).startsWith("HTTP/1.1 401 ");
    assertThat(get("/verdict", "Authorization: Bearer wrong")).startsWith("HTTP/1.1 401 ");
    assertThat(get("/verdict", "Authorization: Bearer secret"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("{\"verdict\": \"Clean\"}");
  }

  @Test
  void without_a_password_nobody_gets_the_verdict() throws IOException {
    for (var none : List.of(Optional.<String>empty(), Optional.of(""))) {
      password = none;
      assertThat(get("/verdict", "Authorization: Bearer ")).startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void before_the_first_check_there_is_no_verdict() throws IOException {
    verdict = Optional.empty();
    assertThat(get("/verdict", "Authorization: Bearer secret")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void config_tells_the_digest_of_the_file_as_it_is_now() throws IOException {
    var file = folder.resolve("redis.conf");
    assertThat(get("/config", "Authorization: Bearer secret"))
        .contains("\"file\": \"" + file + "\"")
        .contains(
            "\"sha256\": \"7069cb3fbe6c2a0d974289bd9348fd9c10cf89289861c0a73d5ca466206e8a8f\"");
    Files.writeString(file, "");
    assertThat(get("/config", "Authorization: Bearer secret"))
        .contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void a_client_that_sends_half_a_request_keeps_nobody_waiting() throws IOException {
    try (var silent = connect()) {
      silent.getOutputStream().write("GET /li".getBytes(StandardCharsets.US_ASCII));
      assertThat(get("/livez")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void only_get_is_answered() throws IOException {
    assertThat(send("DELETE /livez HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 ");
    assertThat(send("HEAD /livez HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
    assertThat(get("/")).startsWith("HTTP/1.1 404 ");
    assertThat(send("\r\n\r\n")).isEmpty();
  }

  @Test
  void a_port_that_is_taken_is_named() {
    assertThatThrownBy(
            () ->
                HealthServer.start(
                    List.of("127.0.0.1"),
                    server.port(),
                    new Parked(),
                    () -> password,
                    Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
  }

  private String get(String path, String... headers) throws IOException {
    return send(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: x\r\n"
            + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
            + "\r\n");
  }

  private String send(String request) throws IOException {
    try (var socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getByName("127.0.0.1"), server.port());
  }

  private final class Parked implements Health {
    @Override
    public Answer live() {
      return Answer.good("parked");
    }

    @Override
    public Answer startup() {
      return Answer.good("parked");
    }

    @Override
    public Answer ready() {
      return Answer.bad("waits for a decision");
    }

    @Override
    public Optional<String> verdict() {
      return verdict;
    }
  }
}
