package dev.holdfast.engine.loop;

import static dev.holdfast.engine.loop.LoopHarness.ascii;
import static dev.holdfast.engine.loop.LoopHarness.request;
import static dev.holdfast.engine.loop.LoopHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.client.Blocked;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients.Pause;
import dev.holdfast.engine.net.NetworkKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that have to wait: paused, parked, blocked. */
@ParameterizedClass
@EnumSource(NetworkKind.class)
class WaitingClientsTest {
  private final NetworkKind kind;

  WaitingClientsTest(NetworkKind kind) {
    this.kind = kind;
  }

  /** Waits until it is told to be over. */
  private static final class Wait implements Blocked {
    boolean over;

    @Override
    public boolean tryFinish(Client client) {
      if (over) {
        client.reply().integer(7);
      }
      return over;
    }

    @Override
    public void timedOut(Client client) {
      client.reply().nilArray();
    }
  }

  @Test
  void aPauseStopsEveryoneUntilItEnds() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      var clients = harness.server.clients;
      clients.pause(Pause.ALL, harness.clock.monotonicNanos() + 1_000_000_000L);
      harness.expect(peer, request("PING") + request("ECHO", "later") + "*1\r\n$4\r\nPI", "");
      harness.clock.advanceMillis(999);
      harness.expect(peer, "NG\r\n", "");
      harness.clock.advanceMillis(2);
      harness.expect(peer, "", "+PONG\r\n$5\r\nlater\r\n+PONG\r\n");
      assertThat(clients.paused()).isEqualTo(Pause.NONE);
    }
  }

  @Test
  void aPauseOfWritesLetsReadsThroughUntilAWriteIsNext() {
    try (var harness = new LoopHarness(kind)) {
      var reader = harness.connect();
      var writer = harness.connect();
      harness.server.clients.pause(Pause.WRITE, Long.MAX_VALUE);
      harness.expect(reader, request("GET", "a"), "$-1\r\n");
      harness.expect(
          writer, request("PING") + request("SET", "a", "1") + request("GET", "a"), "+PONG\r\n");
      harness.expect(reader, request("GET", "a"), "$-1\r\n");
      harness.server.clients.unpause();
      harness.expect(writer, "", "+OK\r\n$1\r\n1\r\n");
    }
  }

  @Test
  void theStricterPauseAndTheLaterEndWin() {
    try (var harness = new LoopHarness(kind)) {
      var clients = harness.server.clients;
      long now = harness.clock.monotonicNanos();
      clients.pause(Pause.ALL, now + 1_000_000_000L);
      clients.pause(Pause.WRITE, now + 2_000_000_000L);
      clients.pause(Pause.ALL, now + 500_000_000L);
      assertThat(clients.paused()).isEqualTo(Pause.ALL);
      harness.clock.advanceMillis(1_900);
      assertThat(clients.paused()).isEqualTo(Pause.ALL);
      harness.clock.advanceMillis(200);
      assertThat(clients.paused()).isEqualTo(Pause.NONE);
    }
  }

  @Test
  void writersAreParkedUnexecutedWhileTheDiskIsBehind() {
    try (var harness = new LoopHarness(kind)) {
      var reader = harness.connect();
      var writer = harness.connect();
      harness.server.log.park = true;
      harness.expect(writer, request("SET", "a", "1"), "");
      harness.expect(writer, request("SET", "a", "2"), "");
      harness.expect(reader, request("GET", "a"), "$-1\r\n");
      harness.server.log.park = false;
      harness.expect(writer, "", "+OK\r\n+OK\r\n");
      harness.expect(reader, request("GET", "a"), "$1\r\n2\r\n");
    }
  }

  @Test
  void aParkedClientThatEndsItsSideIsStillServed() {
    try (var harness = new LoopHarness(kind)) {
      var writer = harness.connect();
      harness.server.log.park = true;
      writer.send(ascii(request("SET", "a", "1")));
      harness.settle();
      writer.finish();
      harness.settle();
      harness.server.log.park = false;
      harness.until(writer::ended);
      assertThat(text(writer)).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void aBlockedClientGoesOnWhenItsWaitIsOver() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      var wait = new Wait();
      block(harness, wait, Long.MAX_VALUE);
      harness.expect(peer, request("PING"), "");
      assertThat(harness.server.clients.blockedCount()).isEqualTo(1);
      wait.over = true;
      harness.expect(peer, "", ":7\r\n+PONG\r\n");
      assertThat(harness.server.clients.blockedCount()).isZero();
    }
  }

  @Test
  void aBlockedClientGoesOnWhenItsTimeIsOver() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      block(harness, new Wait(), harness.clock.monotonicNanos() + 1_000_000_000L);
      harness.expect(peer, request("PING"), "");
      harness.clock.advanceMillis(1_000);
      harness.expect(peer, "", "*-1\r\n+PONG\r\n");
    }
  }

  @Test
  void aBlockedClientCanBeUnblockedWithOrWithoutAnError() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      var client = block(harness, new Wait(), Long.MAX_VALUE);
      assertThat(harness.server.clients.unblock(client)).isTrue();
      assertThat(harness.server.clients.unblock(client)).isFalse();
      harness.expect(peer, "", "*-1\r\n");
      block(harness, new Wait(), Long.MAX_VALUE);
      var text = "UNBLOCKED client unblocked via CLIENT UNBLOCK";
      assertThat(harness.server.clients.unblockWithError(client, text)).isTrue();
      harness.expect(peer, request("PING"), "-" + text + "\r\n+PONG\r\n");
    }
  }

  @Test
  void aBlockedClientThatGoesAwayIsForgotten() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      block(harness, new Wait(), Long.MAX_VALUE);
      peer.finish();
      harness.until(() -> harness.server.clients.size() == 0);
      assertThat(harness.server.clients.blockedCount()).isZero();
    }
  }

  private static Client block(LoopHarness harness, Blocked what, long deadlineNanos) {
    var client = harness.server.clients.byId(1);
    harness.server.clients.block(client, what, deadlineNanos);
    return client;
  }
}
