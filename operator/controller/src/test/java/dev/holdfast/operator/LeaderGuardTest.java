package dev.holdfast.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard with its threads, reading a lease from an API server of this test. */
class LeaderGuardTest {
  private static final Duration LIMIT = Duration.ofMillis(2_500);
  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

  private final AtomicInteger reads = new AtomicInteger();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean renewed = true;
  private volatile boolean hangs;
  private volatile String holder = "me";
  private HttpServer server;
  private KubernetesClient client;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/apis/coordination.k8s.io/v1/namespaces/holdfast/leases/operator",
        exchange -> {
          var read = reads.incrementAndGet();
          if (hangs) {
            awaitEnd();
          }
          var body =
              """
              {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "operator"},
               "spec": {"holderIdentity": "%s", "renewTime": "%s.000000Z"}}
              """
                  .formatted(
                      holder, START.plusSeconds(renewed ? read : 0).toString().replace("Z", ""))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .build())
            .build();
    new LeaderGuard(client, "holdfast", "operator", "me", LIMIT, this::end).leads();
    await("the lease is read").until(() -> reads.get() > 0);
  }

  @AfterEach
  void stop() {
    holder = "somebody else";
    over.countDown();
    await("both threads end").until(() -> ended.get() == 2);
    server.stop(0);
    client.close();
  }

  @Test
  void aLeaderWhoseLeaseIsRenewedGoesOn() {
    await("longer than the limit").until(() -> reads.get() >= 6);
    assertThat(ends).isEmpty();
  }

  @Test
  void aLeaderWhoseLeaseIsNotRenewedEnds() throws Exception {
    renewed = false;
    assertThat(ends.poll(10, TimeUnit.SECONDS)).contains("not seen renewed");
  }

  @Test
  void aLeaderWhoseApiServerHangsEnds() throws Exception {
    hangs = true;
    assertThat(ends.poll(10, TimeUnit.SECONDS)).contains("not seen renewed");
  }

  @Test
  void aLeaderWhoseLeaseIsTakenEnds() throws Exception {
    holder = "another";
    assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("the lease is held by another");
  }

  private void end(String why) {
    ends.add(why);
    ended.incrementAndGet();
  }

  private void awaitEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
