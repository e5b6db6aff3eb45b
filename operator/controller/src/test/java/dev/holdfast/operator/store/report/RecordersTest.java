package dev.holdfast.operator.store.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.store.World;
import dev.holdfast.operator.store.decide.Notice;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events and statuses when the API server takes them, and when it does not. */
class RecordersTest {

  private static final String STATUS =
      "PATCH /apis/holdfast.dev/v1alpha1/namespaces/shop/persistentstores/sessions/status";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final World world = World.with("storage: {size: 1Gi}").settle();
  private int code = 200;
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    bodies.add(sent);
    var body = (code == 200 ? sent : failure()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String failure() {
    return "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": "
        + code
        + ", \"message\": \"no\"}";
  }

  private PersistentStoreStatus status() {
    return world.status.orElseThrow();
  }

  @Test
  void aStatusIsWrittenOnceAndRememberedUntilTheStoreIsForgotten() {
    var recorder = new StatusRecorder(client);

    assertThat(recorder.record(world.store, status())).isTrue();
    assertThat(recorder.record(world.store, status())).isFalse();
    assertThat(asked).containsExactly(STATUS);
    assertThat(bodies.getFirst())
        .as("never the status of another store of this name")
        .contains(world.store.getMetadata().getUid());
    assertThat(recorder.last(world.store)).contains(status());

    recorder.forget(world.store.getMetadata().getUid());
    assertThat(recorder.last(world.store)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 409})
  void theStatusOfAStoreThatIsGoneOrAnotherByNowIsNotWrittenAndNotRemembered(int answer) {
    code = answer;
    var recorder = new StatusRecorder(client);

    assertThat(recorder.record(world.store, status())).isFalse();
    assertThat(recorder.last(world.store)).isEmpty();
  }

  @Test
  void aStatusThatTheServerCannotTakeNowIsThrownSoThatItIsTriedAgain() {
    code = 500;
    var recorder = new StatusRecorder(client);

    assertThatThrownBy(() -> recorder.record(world.store, status()))
        .isInstanceOf(KubernetesClientException.class);

    code = 200;
    assertThat(recorder.record(world.store, status())).isTrue();
  }

  private EventRecorder events() {
    var clock = Clock.fixed(Instant.parse("2026-11-22T14:00:00Z"), ZoneOffset.UTC);
    return new EventRecorder(client, "holdfast-operator-0", clock, Runnable::run);
  }

  @Test
  void anEventNamesTheStoreTheReasonAndWhoTellsIt() {
    events().tell(world.store, new Notice(true, "DiskFull", "no room"));

    assertThat(asked).containsExactly("POST /api/v1/namespaces/shop/events");
    assertThat(bodies.getFirst())
        .contains("\"type\":\"Warning\"")
        .contains("\"reason\":\"DiskFull\"")
        .contains("\"message\":\"no room\"")
        .contains("\"uid\":\"" + world.store.getMetadata().getUid() + "\"")
        .contains("\"reportingInstance\":\"holdfast-operator-0\"")
        .contains("2026-11-22T14:00:00");
  }

  @Test
  void aMessageThatIsTooLongForAnEventIsCut() {
    events().tell(world.store, new Notice(false, "Changed", "x".repeat(2000)));

    assertThat(bodies.getFirst()).contains("x".repeat(1000) + "…").doesNotContain("x".repeat(1001));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 409, 500})
  void anEventThatCannotBeWrittenHoldsNothingUp(int answer) {
    code = answer;

    events().tell(world.store, new Notice(false, "Changed", "something"));

    assertThat(asked).isNotEmpty();
  }
}
