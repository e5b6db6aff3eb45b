package dev.holdfast.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.agent.AgentThread;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.net.NetworkKind;
import dev.holdfast.engine.net.SocketPeer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loop on a thread of its own, which sleeps when there is nothing to do. */
class LoopThreadTest {

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void noWakeUpIsLost(NetworkKind kind) throws Exception {
    var server = new ToyServer(kind.create(0), Clock.system());
    // The check of clients wakes the loop ten times a second: a lost wake-up costs up to 100 ms.
    server.loop.serve(server.network.listen("127.0.0.1", 0, 16));
    var failure = new AtomicReference<Throwable>();
    var thread = new AgentThread(server.loop.waiting(), Duration.ZERO, failure::set).start();
    try {
      int late = 0;
      for (int i = 0; i < 3_000; i++) {
        var ran = new CountDownLatch(1);
        if (i % 3 > 0) {
          Thread.onSpinWait();
        } else {
          TimeUnit.MICROSECONDS.sleep(200);
        }
        long start = System.nanoTime();
        server.loop.submit(ran::countDown);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        if (System.nanoTime() - start > 50_000_000) {
          late++;
        }
      }
      assertThat(late).isLessThan(30);
    } finally {
      stop(server, thread);
    }
    assertThat(failure.get()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void aRequestEndsTheSleep(NetworkKind kind) throws Exception {
    var server = new ToyServer(kind.create(0), Clock.system());
    var listener = server.network.listen("127.0.0.1", 0, 16);
    server.loop.serve(listener);
    var failure = new AtomicReference<Throwable>();
    var thread = new AgentThread(server.loop.waiting(), Duration.ZERO, failure::set).start();
    try {
      var peer = new SocketPeer(listener.port());
      for (int i = 1; i <= 200; i++) {
        peer.send(LoopHarness.ascii("PING\r\n"));
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (peer.received().length < 7 * i) {
          assertThat(System.nanoTime()).isLessThan(deadline);
          peer.pump();
        }
      }
      peer.close();
    } finally {
      stop(server, thread);
    }
    assertThat(failure.get()).isNull();
  }

  private static void stop(ToyServer server, AgentThread thread) {
    var closer = new Thread(thread::close);
    closer.start();
    while (closer.isAlive()) {
      server.loop.wakeup();
      Thread.yield();
    }
    server.network.close();
  }
}
