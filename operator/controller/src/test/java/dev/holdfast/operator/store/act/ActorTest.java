package dev.holdfast.operator.store.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.decide.Step;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.StorePolls;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an API server's answers: told, tried again, or of no interest. */
class ActorTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Notice> told = new ArrayList<>();
  private Function<String, Answer> answers = path -> new Answer(200, "{}");
  private HttpServer server;
  private KubernetesClient client;

  private record Answer(int code, String body) {}

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
    var path = exchange.getRequestURI().getPath();
    asked.add(exchange.getRequestMethod() + " " + path);
    exchange.getRequestBody().readAllBytes();
    var answer = answers.apply(path);
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.code(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static Answer failure(int code, String reason, String message, String cause) {
    return new Answer(
        code,
        """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "reason": "%s", "message": "%s",
         "details": {"causes": [%s]}}"""
            .formatted(code, reason, message, cause));
  }

  @Test
  void aRefusalForGoodIsAProblemInTheServersWordsAndTheOtherStepsGoOn() {
    answers =
        path ->
            path.endsWith("/services/a")
                ? failure(422, "Invalid", "spec.clusterIP: field is immutable", "")
                : new Answer(200, "{\"kind\": \"ConfigMap\", \"apiVersion\": \"v1\"}");
    assertThat(carryOut(service("a"), configMap("b")))
        .containsExactly(
            new Problem(
                "ApplyRefused",
                "Service a is refused by the API server: spec.clusterIP: field is immutable",
                true));
    assertThat(asked)
        .containsExactly(
            "PATCH /api/v1/namespaces/shop/services/a",
            "PATCH /api/v1/namespaces/shop/configmaps/b");
    assertThat(told).extracting(Notice::message).containsExactly("applied b");
  }

  @Test
  void aConflictIsThrownSoThatTheStoreIsLookedAtAgain() {
    answers = path -> failure(409, "Conflict", "the object has been modified", "");
    assertThatThrownBy(() -> carryOut(service("a")))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("the object has been modified");
    assertThat(told).isEmpty();
  }

  @Test
  void aServerThatIsBusyIsAskedAgainLater() {
    answers = path -> failure(429, "TooManyRequests", "please try again later", "");
    assertThatThrownBy(() -> carryOut(service("a"))).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void inANamespaceThatIsBeingDeletedNothingIsAProblemAndNothingMoreIsTried() {
    answers =
        path ->
            failure(
                403,
                "Forbidden",
                "unable to create new content in namespace shop because it is being terminated",
                "{\"reason\": \"NamespaceTerminating\", \"message\": \"namespace shop is being terminated\"}");
    assertThat(carryOut(service("a"), configMap("b"))).isEmpty();
    assertThat(asked).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void aRightThatIsMissingIsAProblem() {
    answers = path -> failure(403, "Forbidden", "cannot patch resource services", "");
    assertThat(carryOut(service("a")))
        .extracting(Problem::message)
        .containsExactly("Service a is refused by the API server: cannot patch resource services");
  }

  @Test
  void aPodThatIsAnotherByNowIsNotDeletedAndNobodyIsTold() {
    answers = path -> failure(409, "Conflict", "the UID in the precondition does not match", "");
    var notice = new Notice(false, "PodReplaced", "replaced");
    assertThat(carryOut(List.of(new Step.ReplacePod("s-0", "uid", "7", Optional.of(notice)))))
        .isEmpty();
    assertThat(asked).containsExactly("DELETE /api/v1/namespaces/shop/pods/s-0");
    assertThat(told).isEmpty();
  }

  private List<Problem> carryOut(HasMetadata... objects) {
    List<Step> steps = new ArrayList<>();
    for (var object : objects) {
      var name = object.getMetadata().getName();
      steps.add(
          new Step.Apply(object, Optional.of(new Notice(false, "Applied", "applied " + name))));
    }
    return carryOut(steps);
  }

  private List<Problem> carryOut(List<Step> steps) {
    var store = new PersistentStore();
    store.getMetadata().setName("s");
    store.getMetadata().setNamespace("shop");
    return new Actor(client, noServer(), new Passwords()).carryOut(store, plan(steps), told::add);
  }

  private static ServerCommands noServer() {
    var second = Duration.ofSeconds(1);
    var polls =
        new StorePolls(
            target -> {
              throw new AssertionError();
            },
            second,
            second,
            RandomGenerator.getDefault());
    return new ServerCommands(second, polls, new ServerAttempts(), Clock.systemUTC());
  }

  private static Plan plan(List<Step> steps) {
    return new Plan(
        steps,
        List.of(),
        Optional.empty(),
        "store:1",
        null,
        null,
        Optional.empty(),
        true,
        List.of(),
        Optional.empty());
  }

  private static HasMetadata service(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("shop")
        .endMetadata()
        .build();
  }

  private static HasMetadata configMap(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("shop")
        .endMetadata()
        .build();
  }
}
